//! Every rule of the book with its citation and validity, for the page that lists them.

pub use crate::listed::Listed;

/// All of them, subject by subject, in the order of the files.
pub fn all() -> Vec<Listed> {
    // Each subject adds its own.
    let mut listed = crate::periods::listed();
    listed.extend(crate::fees::listed());
    listed.extend(crate::interest::listed());
    listed.extend(crate::identifiers::listed());
    listed
}
