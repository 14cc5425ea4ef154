//! What is measured on photos, for whoever sets the numbers of `catalog/photo.json` with real ones:
//! `cargo run --release -p papers --example look -- PHOTO…`

use std::path::Path;

fn main() {
    for name in std::env::args().skip(1) {
        match papers::photo::look(Path::new(&name)) {
            Ok(look) => println!("{name} {}", serde_json::to_string(&look).unwrap_or_default()),
            Err(refusal) => println!("{name} {}", refusal.code()),
        }
    }
}
