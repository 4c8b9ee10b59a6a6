//! Finding people and bringing them to the chair.
use super::commands;

commands! {
    search_people(query: String, limit: u32) => SearchPeople;
    choose_person(key: String) => ChoosePerson;
    add_temporary_person(name: String, note: String) => AddTemporaryPerson;
    remove_on_deck(key: String) => RemoveOnDeck;
}
