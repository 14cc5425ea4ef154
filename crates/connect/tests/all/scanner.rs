//! The scanner against a daemon that speaks clamd's own wire format, over both kinds of sockets, in all its moods.

use std::time::Duration;

use connect::scanner::{Address, Clamd, ScanFailure, Scanner, Verdict};
use connect::simulator::{ScannerMood, SimulatedScanner};
use tokio::net::{TcpListener, UnixListener};

async fn daemon() -> (SimulatedScanner, Address) {
    let simulated = SimulatedScanner::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap();
    tokio::spawn(simulated.clone().serve(listener));
    (simulated, Address::parse(&format!("tcp:{port}")).unwrap())
}

fn infected() -> Result<Verdict, ScanFailure> {
    Ok(Verdict::Infected { name: "Eicar-Test-Signature".to_owned() })
}

#[tokio::test]
async fn sr37_a_file_of_several_pieces_is_clean_or_not_over_either_socket() {
    let folder = tempfile::tempdir().unwrap();
    let (clean, bad) = (folder.path().join("clean"), folder.path().join("bad"));
    std::fs::write(&clean, vec![7; 400_000]).unwrap();
    // In the middle of the file, across the border of two pieces.
    let mut bytes = vec![7; (128 << 10) - 20];
    bytes.extend(SimulatedScanner::test_virus());
    bytes.resize(300_000, 7);
    std::fs::write(&bad, bytes).unwrap();

    let (simulated, port) = daemon().await;
    let socket = folder.path().join("clamd.ctl");
    tokio::spawn(simulated.clone().serve_socket(UnixListener::bind(&socket).unwrap()));
    for address in [port, Address::Socket(socket)] {
        let clamd = Clamd::new(address, Duration::from_secs(20));
        clamd.ping().await.unwrap();
        assert_eq!(clamd.scan(&clean).await, Ok(Verdict::Clean));
        assert_eq!(clamd.scan(&bad).await, infected());
    }
    assert_eq!(simulated.scans(), 4);
}

#[tokio::test]
async fn sr37_a_scanner_that_is_down_slow_small_or_hasty_has_found_nothing_clean() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    // More than a socket holds, so that whoever closes early is noticed.
    std::fs::write(&file, vec![7; 16 << 20]).unwrap();
    let (simulated, port) = daemon().await;
    let clamd = Clamd::new(port, Duration::from_millis(700));

    simulated.is(ScannerMood::Silent);
    assert_eq!(clamd.scan(&file).await, Err(ScanFailure::Slow));
    assert_eq!(clamd.scan(&folder.path().join("none")).await.map_err(|_| ()), Err(()));
    simulated.is(ScannerMood::Small(1_000));
    let small = clamd.scan(&file).await;
    // Where the daemon's word is lost with its connection, it is as if it were not there.
    assert!(matches!(small, Err(ScanFailure::TooLarge | ScanFailure::Unreachable(_))), "{small:?}");
    for mood in [ScannerMood::Gone, ScannerMood::Hasty] {
        simulated.is(mood);
        let answer = clamd.scan(&file).await;
        assert!(matches!(answer, Err(ScanFailure::Unreachable(_) | ScanFailure::Failed(_))), "{mood:?}: {answer:?}");
    }
    simulated.is(ScannerMood::Well);
    assert_eq!(Clamd::new(clamd_of(&simulated).await, Duration::from_secs(20)).scan(&file).await, Ok(Verdict::Clean));

    let nobody = Clamd::new(Address::Socket(folder.path().join("nobody")), Duration::from_secs(1));
    assert!(matches!(nobody.scan(&file).await, Err(ScanFailure::Unreachable(_))));
    assert!(matches!(nobody.ping().await, Err(ScanFailure::Unreachable(_))));
}

async fn clamd_of(simulated: &SimulatedScanner) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap();
    tokio::spawn(simulated.clone().serve(listener));
    Address::parse(&format!("tcp:{port}")).unwrap()
}
