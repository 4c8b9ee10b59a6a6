//! Orders, their details and the recall list.
use super::commands;

commands! {
    orders(state: Option<String>, text: Option<String>, offset: u32, limit: u32) => Orders;
    order(id: String) => Order;
    reveal(order_id: String) => Reveal;
    close_order(order_id: String) => CloseOrder;
    reprint(order_id: String) => Reprint;
    neighbours(order_id: String) => Neighbours;
    shift_photos(first: String, last: String, later: bool) => ShiftPhotos;
    undo_shift(repair: String) => UndoShift;
    recalls() => Recalls;
    open_recall(order_id: String) => OpenRecall;
}
