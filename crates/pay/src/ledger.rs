//! The books in double entry: every fen that came in is an order's, due back, or gone back, and the sums say so.
use domain::{Money, OrderId};
use std::collections::BTreeMap;
use std::fmt;

/// Where money lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// With the provider.
    Gateway,
    /// Cash and transfers a coordinator took for a class.
    Till,
    /// Owed to an order: what it was paid.
    Order(OrderId),
    /// Came in without an order that can take it, by its payment's number; must go back.
    Surplus(String),
    /// On its way back, by its refund's number.
    Returning(String),
}

impl Account {
    /// Its text in a row: `gateway`, `till`, `order:…`, `surplus:…`, `returning:…`.
    pub fn text(&self) -> String {
        match self {
            Self::Gateway => "gateway".to_owned(),
            Self::Till => "till".to_owned(),
            Self::Order(id) => format!("order:{id}"),
            Self::Surplus(number) => format!("surplus:{number}"),
            Self::Returning(number) => format!("returning:{number}"),
        }
    }
    /// Reads [`Account::text`].
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None if text == "gateway" => Self::Gateway,
            None if text == "till" => Self::Till,
            Some(("order", id)) => Self::Order(id.parse().ok()?),
            Some(("surplus", number)) => Self::Surplus(number.to_owned()),
            Some(("returning", number)) => Self::Returning(number.to_owned()),
            _ => return None,
        })
    }
    /// Whether it is ours (debit is more) or owed (credit is more).
    const fn is_asset(&self) -> bool {
        match self {
            Self::Gateway | Self::Till => true,
            Self::Order(_) | Self::Surplus(_) | Self::Returning(_) => false,
        }
    }
}

/// One booking: an amount from one account to another. Debit and credit are equal by construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it books, once: a second booking with the same key is the first one again.
    pub key: String,
    /// The account that gets more debit.
    pub debit: Account,
    /// The account that gets more credit.
    pub credit: Account,
    /// How much; never nothing.
    pub amount: Money,
}

impl Entry {
    fn new(key: String, debit: Account, credit: Account, amount: Money) -> Self {
        Self {
            key,
            debit,
            credit,
            amount,
        }
    }
    /// A payment that pays its order.
    pub fn paid(trade: &str, order: OrderId, amount: Money) -> Self {
        Self::new(format!("paid:{trade}"), Account::Gateway, Account::Order(order), amount)
    }
    /// A payment no order can take.
    pub fn surplus(trade: &str, amount: Money) -> Self {
        Self::new(
            format!("paid:{trade}"),
            Account::Gateway,
            Account::Surplus(trade.to_owned()),
            amount,
        )
    }
    /// An order's share of a class paid in one sum.
    pub fn class(payment: &str, order: OrderId, amount: Money) -> Self {
        Self::new(
            format!("class:{payment}:{order}"),
            Account::Till,
            Account::Order(order),
            amount,
        )
    }
    /// A refund that was decided: the money leaves the order, or the surplus, and waits for the provider.
    pub fn refund_asked(refund: &str, from: Account, amount: Money) -> Self {
        Self::new(
            format!("asked:{refund}"),
            from,
            Account::Returning(refund.to_owned()),
            amount,
        )
    }
    /// A refund the provider confirmed, or, for the till, the coordinator.
    pub fn refund_done(refund: &str, to: Account, amount: Money) -> Self {
        Self::new(
            format!("back:{refund}"),
            Account::Returning(refund.to_owned()),
            to,
            amount,
        )
    }
}

/// Why a booking is refused. The books are unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// The same key with other contents.
    #[error("{key} is booked otherwise")]
    Otherwise {
        /// The key.
        key: String,
    },
    /// An amount of nothing.
    #[error("nothing to book")]
    Nothing,
    /// More would leave an account than is in it.
    #[error("{account} holds {holds}, less than {wants}")]
    Overdrawn {
        /// The account.
        account: String,
        /// What it holds.
        holds: Money,
        /// What was to leave it.
        wants: Money,
    },
    /// Past the range of money.
    #[error("the sum is past the range")]
    Range,
}

/// Books in memory: for tests, for verification, and to check a booking against what rows say.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: BTreeMap<String, Entry>,
    balances: BTreeMap<Account, Money>,
}

/// The state of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance(pub Money);

impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Ledger {
    /// Books an entry; the same entry again changes nothing.
    ///
    /// # Errors
    /// When it contradicts an earlier one, or an account would owe.
    pub fn book(&mut self, entry: Entry) -> Result<(), BadEntry> {
        if entry.amount == Money::ZERO {
            return Err(BadEntry::Nothing);
        }
        match self.entries.get(&entry.key) {
            Some(before) if *before == entry => return Ok(()),
            Some(_) => return Err(BadEntry::Otherwise { key: entry.key }),
            None => {}
        }
        let debit = moved(&entry.debit, self.balance(&entry.debit), entry.amount, Side::Debit)?;
        let credit = moved(&entry.credit, self.balance(&entry.credit), entry.amount, Side::Credit)?;
        self.balances.insert(entry.debit.clone(), debit);
        self.balances.insert(entry.credit.clone(), credit);
        self.entries.insert(entry.key.clone(), entry);
        Ok(())
    }

    /// What lies on an account.
    pub fn balance(&self, account: &Account) -> Money {
        self.balances.get(account).copied().unwrap_or_default()
    }

    /// Every entry, by key.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Every account with what lies on it.
    pub fn balances(&self) -> impl Iterator<Item = (&Account, Money)> {
        self.balances.iter().map(|(a, m)| (a, *m))
    }

    /// Whether what is ours is exactly what is owed.
    pub fn balances_hold(&self) -> bool {
        let sum = |asset: bool| {
            let side = self.balances.iter().filter(|(a, _)| a.is_asset() == asset);
            side.map(|(_, m)| u128::from(m.fen())).sum::<u128>()
        };
        sum(true) == sum(false)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Debit,
    Credit,
}

fn moved(account: &Account, holds: Money, amount: Money, side: Side) -> Result<Money, BadEntry> {
    if account.is_asset() == (side == Side::Debit) {
        return holds.plus(amount).ok_or(BadEntry::Range);
    }
    let left = holds.fen().checked_sub(amount.fen());
    left.map(Money::from_fen).ok_or_else(|| BadEntry::Overdrawn {
        account: account.text(),
        holds,
        wants: amount,
    })
}
