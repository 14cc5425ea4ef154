//! What other people's programs do for us: stills of videos (ffmpeg), documents as PDF (LibreOffice), print as text (Tesseract).

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::{Bench, Failure, OfficeForm};
use crate::reading::{self, Reading, Turn};
use crate::{FileRefusal, picture};

/// How far into a video its still is looked for, in seconds: the first frames are often black.
const INTO: [&str; 2] = ["1", "0"];

/// Fonts that documents from Chinese offices name and that no free system has, and what stands in for them.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <cachedir>CACHE</cachedir>
  <match target="pattern"><test name="lang" compare="contains"><string>zh</string></test>
    <edit name="lang" mode="assign"><string>zh-cn</string></edit></match>
ALIASES  <alias binding="same"><family>serif</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>
"#;
const SERIF: &[&str] = &[
    "宋体",
    "SimSun",
    "NSimSun",
    "新宋体",
    "仿宋",
    "仿宋_GB2312",
    "FangSong",
    "FangSong_GB2312",
    "STSong",
    "STFangsong",
    "华文中宋",
    "STZhongsong",
    "方正小标宋简体",
    "方正小标宋_GBK",
    "Times New Roman",
];
const KAI: &[&str] = &["楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312", "STKaiti"];
const SANS: &[&str] =
    &["黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线", "DengXian", "Calibri", "Arial", "华文细黑", "STXihei"];

/// A still of the video, as a JPEG of our own making.
pub(super) fn still(bench: &Bench, edge: u32) -> Result<Vec<u8>, Failure> {
    let made = bench.scratch().join("still.jpg");
    for into in INTO {
        let mut ffmpeg = command(bench, "ffmpeg");
        // One thread, one frame, nothing but this file: no playlist can name another.
        ffmpeg
            .args(["-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "file", "-ss", into, "-i"])
            .arg(bench.input(0)?)
            .args(["-map", "0:v:0", "-an", "-sn", "-dn", "-frames:v", "1", "-vf"])
            .arg(format!("scale='min({edge},iw)':'min({edge},ih)':force_original_aspect_ratio=decrease"))
            .args(["-threads", "1", "-f", "image2", "-c:v", "mjpeg", "-q:v", "3", "-y"])
            .arg(&made);
        let ended = run(ffmpeg);
        // Drawn anew: what a program that a film has taken over may write goes no further.
        match (ended, fs::metadata(&made)) {
            (Ok(()), Ok(there)) if there.len() > 0 => return Ok(picture::thumbnail(&made, edge)?),
            (Err(Failure::BadInput(_)) | Ok(()), _) => {}
            (Err(failure), _) => return Err(failure),
        }
    }
    Err(FileRefusal::Broken("video without a picture".into()).into())
}

/// The document as a PDF in the scratch folder.
pub(super) fn to_pdf(bench: &Bench, form: OfficeForm) -> Result<PathBuf, Failure> {
    let scratch = bench.scratch();
    let failed = |error: std::io::Error| Failure::Bug(format!("the scratch folder cannot be used: {error}"));
    // A name of ours: the person's goes into no program.
    let document = scratch.join(format!("in.{}", form.ending()));
    std::os::unix::fs::symlink(bench.input(0)?, &document).map_err(failed)?;
    let fonts = scratch.join("fonts.conf");
    fs::write(&fonts, fonts_conf(&scratch.join("fontcache").to_string_lossy())).map_err(failed)?;
    let mut soffice = command(bench, "soffice");
    soffice
        .env("FONTCONFIG_FILE", &fonts)
        .env("SAL_USE_VCLPLUGIN", "svp")
        .arg(format!("-env:UserInstallation=file://{}/profile", scratch.display()))
        .args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"])
        .args(["--convert-to", "pdf", "--outdir"])
        .arg(scratch)
        .arg(&document);
    run(soffice)?;
    let pdf = scratch.join("in.pdf");
    match fs::metadata(&pdf) {
        Ok(there) if there.len() > 0 => Ok(pdf),
        _ => Err(FileRefusal::Broken("document cannot be converted".into()).into()),
    }
}

/// The text on the photo. Tesseract sees a picture of our own making, never the file that somebody sent.
pub(super) fn reading(bench: &Bench, turn: Turn) -> Result<Reading, Failure> {
    let failed = |error: std::io::Error| Failure::Bug(format!("the scratch folder cannot be used: {error}"));
    let prepared = reading::prepare(bench.input(0)?, turn)?;
    fs::write(bench.scratch().join("page.png"), &prepared.png).map_err(failed)?;
    let mut tesseract = command(bench, "tesseract");
    // One thread: two would fight for the cores with those who are served. 4: a column of lines of differing size.
    tesseract
        .env("OMP_THREAD_LIMIT", "1")
        .args(["page.png", "text", "-l", "chi_sim", "--oem", "1", "--psm", "4", "--dpi", "200", "tsv"]);
    run(tesseract)?;
    let tsv = fs::read(bench.scratch().join("text.tsv")).map_err(failed)?;
    Ok(prepared.reading(&String::from_utf8_lossy(&tsv)))
}

/// A program of the system, with nothing from outside but its arguments.
fn command(bench: &Bench, program: &str) -> Command {
    let mut command = Command::new(PathBuf::from("/usr/bin").join(program));
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", bench.scratch())
        .env("TMPDIR", bench.scratch())
        .env("LANG", "C.UTF-8")
        .current_dir(bench.scratch())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs it to its end. That it says no is the file's fault, that it was killed the file's price.
fn run(mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| match error.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::OutOfMemory => Failure::Resource(error.to_string()),
        _ => Failure::Bug(format!("a program cannot be started: {error}")),
    })?;
    match (status.success(), status.signal()) {
        (true, _) => Ok(()),
        // A shell in between says 128 and the signal.
        (false, Some(_)) => Err(Failure::Resource("a program was killed".to_owned())),
        (false, None) if status.code().is_some_and(|code| code > 128) => {
            Err(Failure::Resource("a program was killed".to_owned()))
        }
        (false, None) => Err(FileRefusal::Broken("a program cannot read the file".into()).into()),
    }
}

fn fonts_conf(cache: &str) -> String {
    let mut aliases = String::new();
    for (names, stands_in) in [(SERIF, "Noto Serif CJK SC"), (KAI, "LXGW WenKai"), (SANS, "Noto Sans CJK SC")] {
        for name in names {
            aliases.push_str(&format!(
                "  <alias binding=\"same\"><family>{name}</family><prefer><family>{stands_in}</family></prefer></alias>\n"
            ));
        }
    }
    FONTS.replace("CACHE", cache).replace("ALIASES", &aliases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_of_a_chinese_office_has_one_that_stands_in() {
        let conf = fonts_conf("/tmp/c");
        for name in ["仿宋_GB2312", "宋体", "黑体", "楷体", "Calibri"] {
            assert!(conf.contains(&format!("<family>{name}</family><prefer>")), "{name}");
        }
        assert!(conf.contains("<cachedir>/tmp/c</cachedir>"));
    }
}
