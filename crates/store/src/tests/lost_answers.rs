//! A commit whose answer never comes: the connection goes between the server's doing it and our hearing of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::sample::{self, Speaker, id, verified};
use crate::kit::{TestDatabase, Which};
use crate::{Store, StoreOptions};

/// What everybody says here, so that the proxy knows an act when it goes by.
const WORDS: &str = "在";

/// Stands between a store and its server. Of what makes acts durable (COMMIT, or an act outside a transaction, which is one by itself)
/// every third is cut: in turn after the server has answered, and before it has heard.
struct Proxy {
    port: u16,
    cut: Arc<AtomicU64>,
}

impl Proxy {
    async fn start(server: String) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (commits, cut) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let counted = cut.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(client, server, commits.clone(), counted.clone()));
            }
        });
        Proxy { port, cut }
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, commits: Arc<AtomicU64>, cut: Arc<AtomicU64>) {
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut inside = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                let said = &asked[..count];
                let says = |what: &[u8]| said.windows(what.len()).any(|word| word == what);
                inside |= says(b"BEGIN");
                let commit = says(b"COMMIT") || (!inside && says(WORDS.as_bytes()));
                inside &= !says(b"COMMIT") && !says(b"ROLLBACK");
                let nth = if commit { commits.fetch_add(1, Ordering::Relaxed) } else { 1 };
                if nth % 3 == 0 {
                    cut.fetch_add(1, Ordering::Relaxed);
                    if nth % 6 == 0 {
                        server.write_all(said).await.unwrap();
                        // The answer has come, so it has happened; nobody is told.
                        let _ = server.read(&mut answered).await;
                    }
                    return;
                }
                if server.write_all(said).await.is_err() { return }
            }
            read = server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&answered[..count]).await.is_err() { return }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_acknowledged_if_it_happened_and_done_again_if_not() {
    let db = TestDatabase::fresh(Which::Postgres).await;
    let straight = db.open().await;
    let person = sample::person(&straight).await;
    let mut url = reqwest::Url::parse(&db.options().database).unwrap();
    let server = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let proxy = Proxy::start(server).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.port)).unwrap();
    let options = StoreOptions { database: url.into(), ..db.options() };
    // Opening commits the schema: that too may be cut, and is then tried again by whoever starts the program.
    let store = loop {
        if let Ok(store) = Store::open(options.clone(), |_| {}).await {
            break store;
        }
    };
    let writers = (0..6).map(|_| {
        let (store, mut speaker) = (store.clone(), Speaker::new(&person));
        tokio::spawn(async move {
            for _ in 0..30 {
                store.append(speaker.says_under(&id().to_string(), WORDS)).await.unwrap();
            }
            speaker
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        let speaker = writer.await.unwrap();
        assert_eq!(straight.head(speaker.record).await.unwrap(), Some(speaker.head));
        assert_eq!(verified(&straight, speaker.record).await.len(), 30);
    }
    assert!(proxy.cut.load(Ordering::Relaxed) >= 8, "hardly any commit was cut; this test shows nothing");
}
