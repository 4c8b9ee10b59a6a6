//! 在线客服: whom to ask, and a thread of messages that needs no network: the people of this station answer at the desk.
use crate::core::Core;
use crate::trouble::Trouble;
use crate::view;
use domain::PersonKey;
use ipc::{ContactView, MessageView};
use store::messages::{self, Message};
use store::{people, settings};

const CONTACT: &str = "contact";
/// Longest part of the contact card.
const MAX_CONTACT_CHARS: usize = 200;

impl Core {
    /// The contact card; empty until somebody fills it in at the desk.
    pub fn contact(&self) -> Result<ContactView, Trouble> {
        let kept = self.store.read(|c| settings::get(c, CONTACT))?;
        let empty = ContactView {
            hours: String::new(),
            phone: String::new(),
            address: String::new(),
            site: String::new(),
        };
        Ok(kept.and_then(|k| serde_json::from_str(&k).ok()).unwrap_or(empty))
    }

    /// Changes the contact card.
    pub fn set_contact(&self, contact: &ContactView) -> Result<(), Trouble> {
        let holds = |t: &String| t.chars().count() <= MAX_CONTACT_CHARS;
        if ![&contact.hours, &contact.phone, &contact.address, &contact.site]
            .into_iter()
            .all(holds)
        {
            return Err(Trouble::Bad("each line of the contact card has at most 200 characters"));
        }
        if !contact.site.is_empty() {
            super::site::address(&contact.site)?;
        }
        let json = serde_json::to_string(contact).map_err(|_| Trouble::Bad("the card cannot be written as JSON"))?;
        self.store.write(|tx| settings::put(tx, CONTACT, &json))?;
        self.board.bump();
        Ok(())
    }

    /// The guest's thread, oldest first.
    pub fn kiosk_messages(&self) -> Result<Vec<MessageView>, Trouble> {
        let guest = self.need_guest()?;
        let thread = self.store.read(|c| messages::of(c, guest.campaign, &guest.key))?;
        Ok(thread.iter().map(|m| message_view(m, None)).collect())
    }

    /// The guest writes.
    pub fn kiosk_write(&self, text: &str) -> Result<(), Trouble> {
        let guest = self.need_guest()?;
        self.post(Message {
            campaign: guest.campaign,
            person: guest.key,
            at: self.now(),
            from_service: false,
            text: text.trim().to_owned(),
        })
    }

    /// All threads of the campaign in use, newest message first; for the desk.
    pub fn messages(&self) -> Result<Vec<MessageView>, Trouble> {
        let (campaign, _) = self.campaign()?;
        let all = self.store.read(|c| messages::latest(c, campaign.id))?;
        let named = |m: &Message| {
            let person = self.store.read(|c| people::get(c, campaign.id, &m.person))?;
            let name = person.and_then(|p| p.entry.subject.shown_name());
            Ok::<_, Trouble>(message_view(
                m,
                Some(name.or_else(|| view::code_short(&m.person)).unwrap_or_default()),
            ))
        };
        all.iter().map(named).collect()
    }

    /// The desk answers.
    pub fn answer_message(&self, key: &str, text: &str) -> Result<(), Trouble> {
        let (campaign, _) = self.campaign()?;
        let person = PersonKey::from_text(key).ok_or(Trouble::NoSuch("person"))?;
        self.post(Message {
            campaign: campaign.id,
            person,
            at: self.now(),
            from_service: true,
            text: text.trim().to_owned(),
        })
    }

    fn post(&self, message: Message) -> Result<(), Trouble> {
        if message.text.is_empty() || message.text.chars().count() > messages::MAX_CHARS {
            return Err(Trouble::Bad("a message has 1 to 500 characters"));
        }
        self.store.write(|tx| messages::put(tx, &message))?;
        self.board.bump();
        Ok(())
    }
}

fn message_view(m: &Message, person: Option<String>) -> MessageView {
    MessageView {
        at_ms: m.at.0,
        from_service: m.from_service,
        text: m.text.clone(),
        key: person.as_ref().map(|_| m.person.text()),
        person,
    }
}
