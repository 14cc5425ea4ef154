//! Between the values of the database and ours.

use record::{Hash, Salt};

use crate::error::StoreError;

/// A number that the database keeps as a signed one; what does not fit is as good as the largest.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number that [`signed`] was given.
pub(crate) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("{number} where no number is below zero")))
}

/// The values of a list in a query, the last one repeated until there are as many as a power of two: so a few prepared statements serve
/// lists of every length.
pub(crate) fn padded<T: Clone>(mut values: Vec<T>) -> Vec<T> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

pub(crate) fn hash(bytes: Vec<u8>) -> Result<Hash, StoreError> {
    salt(bytes).map(Hash)
}

pub(crate) fn salt(bytes: Vec<u8>) -> Result<Salt, StoreError> {
    let length = bytes.len();
    bytes.try_into().map_err(|_| StoreError::Corrupt(format!("a value of {length} bytes where all have 32")))
}
