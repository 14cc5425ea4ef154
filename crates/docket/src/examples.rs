//! Files to begin with. All three say the same.

use crate::read::Form;

/// The example in this form, as it is in `docs/examples`.
pub fn example(form: Form) -> &'static [u8] {
    match form {
        Form::Json => include_bytes!("../../../docs/examples/cases.json"),
        Form::Csv => include_bytes!("../../../docs/examples/cases.csv"),
        Form::Xlsx => include_bytes!("../../../docs/examples/cases.xlsx"),
    }
}
