//! The demonstration's own authority: a root, the court's key for documents, the key of the simulated time stamps. Made on the first start and kept
//! in its folder; nobody but the demonstration believes them.

use std::path::Path;

use anyhow::Context;
use certs::authority::Authority;
use certs::{FileKey, Purpose};
use desk::{Clock, HostClock};

/// The court's key with its certificates.
pub(crate) const SEAL: &str = "seal.pem";
/// The key of the time stamps.
const STAMPS: &str = "stamps.pem";
/// The root at which both chains end.
pub(crate) const ROOT: &str = "root.pem";

/// Makes what is not there, and reads the key of the time stamps.
pub(crate) fn keys(folder: &Path, court: &str) -> anyhow::Result<FileKey> {
    let now = HostClock.now();
    if !folder.join(ROOT).exists() {
        let (authority, root) = Authority::new("微庭演示根证书", now)?;
        for (file, name, purpose) in
            [(SEAL, court, Purpose::Documents), (STAMPS, "微庭演示时间戳服务", Purpose::TimeStamps)]
        {
            write(&folder.join(file), &authority.issue(name, purpose, now)?.pem)?;
        }
        write(&folder.join(ROOT), &root.pem)?;
    }
    let stamps = folder.join(STAMPS);
    let pem = std::fs::read_to_string(&stamps).with_context(|| format!("{} cannot be read", stamps.display()))?;
    Ok(FileKey::from_pem(&pem)?)
}

/// Writes a key for its owner alone.
fn write(path: &Path, pem: &str) -> anyhow::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(pem.as_bytes())?;
    Ok(file.sync_all()?)
}
