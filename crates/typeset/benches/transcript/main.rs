//! What a long transcript costs: 10,000 acts with 200 photos, in a process of its own, against LibreOffice turning the same content into PDF
//! in the same run.
//!
//! `cargo bench -p typeset [-- ACTS PHOTOS]`, or `make bench`. Nothing is asserted: a machine may be busy. What is missed is marked.

mod content;
mod word;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use typeset::{Document, Fonts, Pictures, render};

const ACTS: usize = 10_000;
const PHOTOS: usize = 200;
/// What was promised.
const CPU_SECONDS: f64 = 5.0;
const MEGABYTES: f64 = 400.0;
const TIMES_LESS: f64 = 6.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [child, folder] = &arguments[..]
        && child == "child"
    {
        return make(Path::new(folder));
    }
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let (acts, photos) = if let [acts, photos] = numbers[..] { (acts, photos) } else { (ACTS, PHOTOS) };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (transcript, pictures) = content::sitting(acts, photos);
    std::fs::write(folder.path().join("data.json"), serde_json::to_vec(&transcript).expect("JSON")).expect("a file");
    std::fs::create_dir(folder.path().join("pictures")).expect("a folder");
    for (id, bytes) in &pictures {
        std::fs::write(folder.path().join("pictures").join(id), bytes).expect("a file");
    }

    let program = std::env::current_exe().expect("this program has a path");
    let answer = Command::new(program).arg("child").arg(folder.path()).output().expect("a child");
    let told = String::from_utf8_lossy(&answer.stdout).into_owned();
    let figures: Vec<f64> = told.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [seconds, megabytes, pages, size] = figures[..] else {
        panic!("the child said {told}{}", String::from_utf8_lossy(&answer.stderr));
    };
    println!("\n{acts} acts, {photos} photos: {pages} pages, {:.1} MB", size / 1e6);
    row("transcript, CPU", &format!("{seconds:.2} s"), &format!("≤ {CPU_SECONDS} s"), seconds <= CPU_SECONDS);
    row("transcript, peak memory", &format!("{megabytes:.0} MB"), &format!("≤ {MEGABYTES} MB"), megabytes <= MEGABYTES);

    let document = folder.path().join("same.docx");
    word::write(&document, &transcript, &pictures).expect("a Word document");
    match soffice(folder.path(), &document) {
        Ok(other) => {
            let times = other / seconds;
            let words = format!("{times:.1} × less than {other:.1} s");
            row("transcript, CPU against LibreOffice", &words, &format!("≥ {TIMES_LESS} ×"), times >= TIMES_LESS);
        }
        Err(reason) => println!("· transcript against LibreOffice: not measured, {reason}"),
    }
}

fn row(what: &str, is: &str, wanted: &str, met: bool) {
    println!("{} {what:40} {is:32} wanted {wanted}", if met { "✔" } else { "✘" });
}

/// The child: reads, makes, and tells what that took.
fn make(folder: &Path) {
    let document: Document = {
        let text = std::fs::read(folder.join("data.json")).expect("the data");
        Document::from(serde_json::from_slice::<typeset::transcript::Transcript>(&text).expect("a transcript"))
    };
    let mut pictures = Pictures::new();
    for entry in std::fs::read_dir(folder.join("pictures")).expect("the pictures") {
        let entry = entry.expect("a picture");
        pictures
            .insert(entry.file_name().into_string().expect("a name"), std::fs::read(entry.path()).expect("a picture"));
    }
    let fonts = Fonts::in_directories(&["/usr/share/fonts"]).expect("fonts");
    let made = render(&document, &pictures, &fonts).expect("a transcript");
    std::fs::write(folder.join("made.pdf"), &made.pdf).expect("a file");
    println!("{} {} {} {}", cpu_seconds(Whose::Mine), peak_megabytes(), made.pages, made.pdf.len());
}

/// CPU seconds of LibreOffice, or why there are none.
fn soffice(folder: &Path, document: &Path) -> Result<f64, String> {
    let before = cpu_seconds(Whose::Children);
    let began = Instant::now();
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let answer = Command::new("soffice")
        .args([&profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir"])
        .args([folder, document])
        .output()
        .map_err(|error| format!("soffice: {error} (Debian: libreoffice-writer-nogui)"))?;
    let made = std::fs::metadata(folder.join("same.pdf")).map(|facts| facts.len()).unwrap_or(0);
    if made == 0 {
        return Err(format!("soffice made nothing: {}", String::from_utf8_lossy(&answer.stderr)));
    }
    println!("  LibreOffice: {:.1} MB in {:.1} s by the wall", made as f64 / 1e6, began.elapsed().as_secs_f64());
    Ok(cpu_seconds(Whose::Children) - before)
}

#[derive(Clone, Copy)]
enum Whose {
    Mine,
    Children,
}

/// From the kernel's account of this process; a tick is a hundredth of a second on every Linux that there is.
fn cpu_seconds(whose: Whose) -> f64 {
    let account = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = account.rsplit(')').next().expect("fields").split_whitespace().collect();
    let (user, system) = match whose {
        Whose::Mine => (11, 12),
        Whose::Children => (13, 14),
    };
    let ticks = |at: usize| fields[at].parse::<f64>().expect("ticks");
    (ticks(user) + ticks(system)) / 100.0
}

fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("a peak");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<f64>().ok()).expect("kilobytes") / 1024.0
}
