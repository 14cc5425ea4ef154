//! Whole numbers of any size, just enough to round the payment of an annuity exactly: (1+r)ⁿ of 480 months has thousands of digits.

use std::cmp::Ordering;

/// Little-endian limbs, without zeros at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Big(Vec<u64>);

impl Big {
    pub(super) fn from(value: u128) -> Self {
        let (low, high) = (value & u128::from(u64::MAX), value >> 64);
        Self([low, high].into_iter().filter_map(|limb| u64::try_from(limb).ok()).collect()).trimmed()
    }

    pub(super) fn power(base: u64, exponent: u32) -> Self {
        (0..exponent).fold(Self::from(1), |power, _| power.times(base))
    }

    pub(super) fn times(&self, factor: u64) -> Self {
        let mut limbs = Vec::with_capacity(self.0.len() + 1);
        let mut carry = 0_u128;
        for limb in &self.0 {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            limbs.push(u64::try_from(product & u128::from(u64::MAX)).unwrap_or(u64::MAX));
            carry = product >> 64;
        }
        limbs.push(u64::try_from(carry).unwrap_or(u64::MAX));
        Self(limbs).trimmed()
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        let mut limbs = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = false;
        for at in 0..self.0.len().max(other.0.len()) {
            let limb = |of: &Self| of.0.get(at).copied().unwrap_or(0);
            let (sum, over) = limb(self).overflowing_add(limb(other));
            let (sum, again) = sum.overflowing_add(u64::from(carry));
            carry = over || again;
            limbs.push(sum);
        }
        limbs.push(u64::from(carry));
        Self(limbs).trimmed()
    }

    /// The difference to a number that is not larger.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut limbs = Vec::with_capacity(self.0.len());
        let mut borrow = false;
        for (at, limb) in self.0.iter().enumerate() {
            let (rest, under) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (rest, again) = rest.overflowing_sub(u64::from(borrow));
            borrow = under || again;
            limbs.push(rest);
        }
        Self(limbs).trimmed()
    }

    pub(super) fn at_most(&self, other: &Self) -> bool {
        let by_length = self.0.len().cmp(&other.0.len());
        by_length.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev())) != Ordering::Greater
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_computes_as_ordinary_numbers_do() {
        let (a, b) = (0xffff_ffff_ffff_ffff_ffff_u128, 0x1_0000_0000_0000_0000_u128);
        assert_eq!(Big::from(a).plus(&Big::from(b)), Big::from(a + b));
        assert_eq!(Big::from(a).minus(&Big::from(b)), Big::from(a - b));
        assert_eq!(Big::from(b).times(65_535), Big::from(b * 65_535));
        assert_eq!(Big::power(10, 30), Big::from(10_u128.pow(30)));
        assert!(
            Big::from(b).at_most(&Big::from(a))
                && !Big::from(a).at_most(&Big::from(b))
                && Big::from(a).at_most(&Big::from(a))
        );
    }
}
