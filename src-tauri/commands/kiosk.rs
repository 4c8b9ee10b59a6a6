//! The graduates' window, and what the desk sets up for it.
use super::commands;

commands! {
    kiosk_watch(seen: Option<u64>) => KioskWatch;
    kiosk_enter(job: String, text: String, proof: Option<String>) => KioskEnter;
    kiosk_phone_code(job: String, phone: String) => KioskPhoneCode;
    kiosk_phone_enter(job: String, phone: String, code: String) => KioskPhoneEnter;
    kiosk_choose(place: u32) => KioskChoose;
    kiosk_expect_code() => KioskExpectCode;
    kiosk_consent(version: String, language: String) => KioskConsent;
    kiosk_fill(student_number: Option<String>, faculty: Option<String>, major: Option<String>, class: Option<String>, phone: Option<String>) => KioskFill;
    kiosk_feature_code(code: String) => KioskFeatureCode;
    kiosk_begin() => KioskBegin;
    kiosk_shoot() => KioskShoot;
    kiosk_retake() => KioskRetake;
    kiosk_submit(messages: Option<String>) => KioskSubmit;
    kiosk_use_file(base64: String) => KioskUseFile;
    kiosk_order(id: String) => KioskOrder;
    kiosk_reprint(order_id: String) => KioskReprint;
    kiosk_pay(order_id: String) => KioskPay;
    kiosk_edit_address(order_id: String, address: String) => KioskEditAddress;
    kiosk_withdraw(order_id: String) => KioskWithdraw;
    kiosk_erase() => KioskErase;
    kiosk_characters(reading: String) => KioskCharacters;
    kiosk_my_data() => KioskMyData;
    kiosk_messages() => KioskMessages;
    kiosk_write(text: String) => KioskWrite;
    kiosk_leave() => KioskLeave;
    set_kiosk_pin(pin: String) => SetKioskPin;
    contact() => Contact;
    set_contact(contact: ipc::ContactView) => SetContact;
    messages() => Messages;
    answer_message(key: String, text: String) => AnswerMessage;
}
