//! Booking, in the same transaction as what is booked, and what lies on an account.
use crate::change::Change;
use crate::error::CentralError;
use crate::store::money::EntryRow;
use crate::store::{ReadRows, SchoolCode, Stored};
use domain::{Actor, Money, Order, PaymentId};
use pay::OutTradeNo;
use pay::ledger::{Account, Entry};

impl ReadRows<'_> {
    /// What is owed on an account of an order, a surplus or a refund; below nothing is damage.
    pub(crate) fn owed(&self, school: &SchoolCode, account: &Account) -> Stored<Money> {
        let sides = self.sides(school, account)?;
        let owed = sides.credit.checked_sub(sides.debit).map(Money::from_fen);
        owed.ok_or_else(|| CentralError::corrupt(format!("the account {}", account.text())))
    }
}

impl Change<'_> {
    /// Books an entry; the same entry again changes nothing. Nothing is booked that would leave an account owing.
    pub(crate) fn book(&self, school: &SchoolCode, entry: Entry) -> Stored<()> {
        if let Some(before) = self.rows.entry(school, &entry.key)? {
            return if before.entry == entry {
                Ok(())
            } else {
                Err(CentralError::corrupt(format!("the booking {}", entry.key)))
            };
        }
        match &entry.debit {
            Account::Gateway | Account::Till => {}
            owing @ (Account::Order(_) | Account::Surplus(_) | Account::Returning(_)) => {
                if self.rows.owed(school, owing)? < entry.amount {
                    return Err(CentralError::corrupt(format!("the account {}", owing.text())));
                }
            }
        }
        self.rows.add_entry(&EntryRow {
            school: school.clone(),
            entry,
            at: self.now,
        })
    }

    /// Books what came in for an order: through the provider, or as its part of a class's money.
    pub(crate) fn book_payment(
        &self,
        school: &SchoolCode,
        order: &Order,
        payment: PaymentId,
        amount: Money,
        by: &Actor,
    ) -> Stored<()> {
        if amount == Money::ZERO {
            return Ok(());
        }
        let entry = match by {
            Actor::PaymentProvider => Entry::paid(OutTradeNo::of(payment).as_str(), order.id, amount),
            Actor::Coordinator
            | Actor::Graduate
            | Actor::Photographer
            | Actor::Reviewer(_)
            | Actor::Lab
            | Actor::System
            | Actor::Exceptional => Entry::class(&payment.to_string(), order.id, amount),
        };
        self.book(school, entry)
    }
}
