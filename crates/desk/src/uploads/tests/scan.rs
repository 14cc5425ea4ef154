//! A scanner gates what others can get (SR-37): a real client against a daemon that speaks clamd's wire format.

use std::sync::Arc;
use std::time::Duration;

use connect::scanner::{Address, Clamd};
use connect::simulator::{ScannerMood, SimulatedScanner};
use tokio::net::TcpListener;

use super::*;

/// A court whose files are looked through, and what looks through them.
async fn scanned() -> (Court, SimulatedScanner) {
    let simulated = SimulatedScanner::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&format!("tcp:{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(simulated.clone().serve(listener));
    let clamd = Clamd::new(address, Duration::from_millis(500));
    (Court::of(Kit::scanned_by(Arc::new(clamd)).await).await, simulated)
}

impl Court {
    /// Brings a whole file; the answer to its last byte, and the upload.
    async fn brings(&mut self, name: &str, bytes: &[u8], key: &str) -> (Answer, UploadId) {
        let path = begun(&mut self.browser, key, name, bytes.len()).await;
        let answer = part(&mut self.browser, &path, 0, Body::from(bytes.to_vec())).await;
        (answer, id_of(&path))
    }

    async fn usable(&self, id: UploadId) -> bool {
        super::super::finished_file(&self.kit.desk, self.wang, id).await.unwrap().is_some()
    }
}

/// A sound that hides the virus which all scanners know.
fn infected() -> Vec<u8> {
    let mut sound = voice(10_000, 3);
    let virus = SimulatedScanner::test_virus();
    sound[2_000..2_000 + virus.len()].copy_from_slice(&virus);
    sound
}

#[tokio::test]
async fn sr37_a_file_with_a_virus_is_refused_and_nothing_of_it_stays() {
    let (mut court, simulated) = scanned().await;
    let (taken, id) = court.brings("a.wav", &voice(10_000, 1), "k1").await;
    assert_eq!(taken.status, 204, "{}", taken.json());
    assert!(court.usable(id).await);
    let (refused, id) = court.brings("b.wav", &infected(), "k2").await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (422, "file_infected"));
    assert!(!court.usable(id).await);
    assert_eq!(court.browser.get(&format!("/api/uploads/{id}")).await.status, 404);
    assert_eq!((court.kept().await, simulated.scans()), ((0, 1), 2));
    simulated.is(ScannerMood::Small(100));
    let (refused, _) = court.brings("c.wav", &voice(10_000, 2), "k3").await;
    assert!(["file_not_scannable", "scan_unavailable"].contains(&refused.code().as_str()), "{}", refused.json());
}

#[tokio::test]
async fn sr37_while_the_scanner_is_down_or_slow_a_file_waits_and_nobody_can_use_it() {
    let (mut court, simulated) = scanned().await;
    for (mood, key) in [(ScannerMood::Gone, "k1"), (ScannerMood::Silent, "k2")] {
        simulated.is(mood);
        let (waits, id) = court.brings("a.wav", &voice(10_000, 1), key).await;
        assert_eq!((waits.status.as_u16(), waits.code().as_str()), (503, "scan_unavailable"), "{mood:?}");
        assert_eq!(waits.header("retry-after"), "10");
        assert!(!court.usable(id).await, "{mood:?}");
        let path = format!("/api/uploads/{id}");
        assert_eq!(court.browser.get(&path).await.code(), "scan_unavailable");
        // The scanner is there again: whoever asks what became of the file has it checked, without sending it anew.
        simulated.is(ScannerMood::Well);
        let seen = court.browser.get(&path).await;
        assert_eq!(seen.status, 200, "{}", seen.json());
        assert!(court.usable(id).await);
    }
}
