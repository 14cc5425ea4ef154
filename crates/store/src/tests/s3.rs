//! As much of S3 as our client uses, in memory: PUT, GET with ranges, HEAD, and uploads in parts. It checks no signature.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::Blobs;

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Bytes>,
    /// Parts by upload and number.
    uploads: HashMap<String, BTreeMap<u32, Bytes>>,
    begun: u32,
    failing_part: Option<u32>,
}

/// An S3 server of one test.
pub(crate) struct Server {
    address: String,
    bucket: Arc<Mutex<Bucket>>,
}

impl Server {
    pub(crate) async fn start() -> Server {
        let bucket: Arc<Mutex<Bucket>> = Arc::default();
        let app = Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(bucket.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Server { address, bucket }
    }

    pub(crate) fn blobs(&self, prefix: &str) -> Blobs {
        let url = format!("s3://evidence/{prefix}?endpoint={}&region=cn-test-1", self.address);
        Blobs::open_with_keys(&url, "key", "secret").unwrap()
    }

    pub(crate) fn objects(&self) -> BTreeMap<String, Bytes> {
        self.lock().objects.clone()
    }

    pub(crate) fn unfinished(&self) -> usize {
        self.lock().uploads.len()
    }

    pub(crate) fn fail_part(&self, number: u32) {
        self.lock().failing_part = Some(number);
    }

    fn lock(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap()
    }
}

async fn answer(
    State(bucket): State<Arc<Mutex<Bucket>>>,
    method: Method,
    uri: Uri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut bucket = bucket.lock().unwrap();
    let key = uri.path().to_owned();
    let upload = query.get("uploadId").cloned();
    let part: Option<u32> = query.get("partNumber").and_then(|number| number.parse().ok());
    assert!(headers.contains_key("authorization"), "every request is signed");
    match (method, upload) {
        (Method::POST, None) if query.contains_key("uploads") => {
            bucket.begun += 1;
            let id = format!("upload-{}", bucket.begun);
            bucket.uploads.insert(id.clone(), BTreeMap::new());
            xml(format!("<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"))
        }
        (Method::PUT, Some(id)) if part.is_some() && part == bucket.failing_part => {
            drop(id);
            StatusCode::FORBIDDEN.into_response()
        }
        (Method::PUT, Some(id)) => {
            let number = part.unwrap();
            bucket.uploads.get_mut(&id).unwrap().insert(number, body);
            ([("etag", format!("\"{number}\""))], ()).into_response()
        }
        (Method::POST, Some(id)) => {
            let parts = bucket.uploads.remove(&id).unwrap();
            let whole: Vec<u8> = parts.into_values().flatten().collect();
            bucket.objects.insert(key, whole.into());
            xml("<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>".to_owned())
        }
        (Method::DELETE, Some(id)) => {
            bucket.uploads.remove(&id);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::PUT, None) => {
            bucket.objects.insert(key, body);
            ([("etag", "\"one\"")], ()).into_response()
        }
        (method @ (Method::GET | Method::HEAD), None) => match bucket.objects.get(&key) {
            None => StatusCode::NOT_FOUND.into_response(),
            Some(bytes) => serve(&method, bytes, headers.get("range").and_then(|range| range.to_str().ok())),
        },
        (method, _) => panic!("{method} {uri} is more of S3 than this server knows"),
    }
}

fn serve(method: &Method, bytes: &Bytes, range: Option<&str>) -> Response {
    let whole = bytes.len();
    let builder =
        Response::builder().header("etag", "\"one\"").header("last-modified", "Fri, 20 Nov 2026 06:00:00 GMT");
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        let body = if method == Method::HEAD { Body::empty() } else { Body::from(bytes.clone()) };
        return builder.header("content-length", whole).body(body).unwrap();
    };
    let first: usize = first.parse().unwrap();
    let end = last.parse::<usize>().unwrap().min(whole - 1) + 1;
    builder
        .status(StatusCode::PARTIAL_CONTENT)
        .header("content-range", format!("bytes {first}-{}/{whole}", end - 1))
        .body(Body::from(bytes.slice(first..end)))
        .unwrap()
}

fn xml(text: String) -> Response {
    ([("content-type", "application/xml")], text).into_response()
}
