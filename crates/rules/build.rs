//! The law's data is checked when the crate is built: unknown keys, missing or unknown citations, overlapping validity. The same modules read it here and in the
//! program, so what was built can be read.
#![expect(dead_code, unused_imports, reason = "the build reads and checks; what computes is used by the program alone")]
#![expect(unreachable_pub, reason = "these modules are public in the crate itself")]

#[path = "src/book/mod.rs"]
mod book;
#[path = "src/civil.rs"]
mod civil;
#[path = "src/money.rs"]
mod money;

fn main() {
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=src");
    if let Err(findings) = book::Book::read() {
        for finding in &findings {
            println!("cargo::error={finding}");
        }
        std::process::exit(1);
    }
}
