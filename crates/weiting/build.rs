//! The web app is built into the program. Where it has not been built yet, the program says so instead of failing to compile.

use std::path::Path;

fn main() {
    let dist = Path::new("../../web/dist");
    std::fs::create_dir_all(dist).expect("the folder for the web app can be made");
    println!("cargo:rerun-if-changed=../../web/dist");
}
