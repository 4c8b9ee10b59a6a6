//! Photos in a bucket of an S3-compatible object store. Keys are named by content, so writing one twice is writing it once;
//! nothing else is asked of the server: no conditional writes, no tags, no versions.
use super::BlobStore;
use crate::block::block_on;
use crate::error::CentralError;
use domain::BlobId;
use futures_util::StreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;

/// Longest time for one request, of which a photo takes at most a few.
const REQUEST: Duration = Duration::from_secs(60);
/// Longest time to a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Requests that failed are made again this often, for at most [`RETRY`]; after that the caller comes again.
const RETRIES: usize = 3;
/// See [`RETRIES`].
const RETRY: Duration = Duration::from_secs(10);

/// A bucket.
pub struct ObjectBlobs {
    bucket: Arc<AmazonS3>,
    prefix: String,
    runtime: Option<Runtime>,
}

impl std::fmt::Debug for ObjectBlobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObjectBlobs").finish_non_exhaustive()
    }
}

/// The parts of a bucket's address.
#[derive(Debug, PartialEq, Eq)]
struct Address<'a> {
    bucket: &'a str,
    prefix: &'a str,
    options: Vec<(&'a str, &'a str)>,
}

/// Reads `s3://bucket/prefix?endpoint=…&region=…`.
fn address(text: &str) -> Result<Address<'_>, wire::Invalid> {
    let invalid = || wire::Invalid::new("object_store", "must be s3://bucket?endpoint=https://host&region=name");
    let rest = text.strip_prefix("s3://").ok_or_else(invalid)?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let known = ["endpoint", "region", "access_key_id", "secret_access_key"];
    let pairs = query.split('&').filter(|p| !p.is_empty());
    let options: Option<Vec<_>> = pairs
        .map(|p| p.split_once('=').filter(|(name, _)| known.contains(name)))
        .collect();
    if bucket.is_empty() {
        return Err(invalid());
    }
    Ok(Address {
        bucket,
        prefix: prefix.trim_matches('/'),
        options: options.ok_or_else(invalid)?,
    })
}

impl ObjectBlobs {
    /// Opens a bucket by its address, `s3://bucket/prefix?endpoint=https://host&region=name`. Keys that stand neither there nor
    /// in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are asked of the machine's own role.
    ///
    /// # Errors
    /// When the address does not hold.
    pub fn open(text: &str) -> Result<Self, CentralError> {
        let address = address(text)?;
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(address.bucket)
            .with_region("us-east-1")
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRY,
                ..RetryConfig::default()
            });
        let mut options = ClientOptions::new().with_timeout(REQUEST).with_connect_timeout(CONNECT);
        for (name, value) in address.options {
            builder = match name {
                "endpoint" => {
                    options = options.with_allow_http(value.starts_with("http://"));
                    builder.with_endpoint(value)
                }
                "region" => builder.with_region(value),
                "access_key_id" => builder.with_access_key_id(value),
                _ => builder.with_secret_access_key(value),
            };
        }
        // Another provider may be there already; then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let bucket = builder
            .with_client_options(options)
            .build()
            .map_err(failed("opening the bucket"))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("central-objects")
            .enable_all()
            .build()
            .map_err(CentralError::files("starting the object store's thread"))?;
        Ok(Self {
            bucket: Arc::new(bucket),
            prefix: address.prefix.to_owned(),
            runtime: Some(runtime),
        })
    }

    fn path(&self, id: &BlobId) -> Path {
        let hex = id.hex();
        let shard = &hex[..2];
        Path::from(format!("{}/photos/{shard}/{hex}.jpg", self.prefix))
    }

    fn pieces(&self, upload: &str) -> Path {
        Path::from(format!("{}/uploads/{upload}", self.prefix))
    }

    fn piece(&self, upload: &str, piece: &str) -> Path {
        Path::from(format!("{}/uploads/{upload}/{piece}", self.prefix))
    }

    /// Runs a request on the store's own thread and waits for it.
    fn wait<T: Send + 'static>(
        &self,
        doing: &'static str,
        work: impl Future<Output = object_store::Result<T>> + Send + 'static,
    ) -> Result<Option<T>, CentralError> {
        let runtime = self.runtime.as_ref().ok_or(CentralError::Away { doing })?;
        match block_on(runtime.spawn(work)) {
            Ok(Ok(done)) => Ok(Some(done)),
            Ok(Err(object_store::Error::NotFound { .. })) => Ok(None),
            Ok(Err(error)) => Err(failed(doing)(error)),
            Err(_) => Err(CentralError::Away { doing }),
        }
    }
}

impl Drop for ObjectBlobs {
    fn drop(&mut self) {
        // Not waited for: the store may be dropped where waiting is not allowed.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A server that cannot be reached, or fails, may work later; what it refuses is a fault of the set-up.
fn failed(doing: &'static str) -> impl FnOnce(object_store::Error) -> CentralError {
    move |error| match error {
        object_store::Error::Generic { .. } => {
            tracing::warn!(doing, %error, "the object store is away");
            CentralError::Away { doing }
        }
        other => CentralError::Objects {
            doing,
            source: Box::new(other),
        },
    }
}

impl BlobStore for ObjectBlobs {
    fn put(&self, id: &BlobId, bytes: &[u8]) -> Result<(), CentralError> {
        if BlobId::of(bytes) != *id {
            return Err(CentralError::Digest);
        }
        let (bucket, path, bytes) = (Arc::clone(&self.bucket), self.path(id), bytes.to_vec());
        self.wait("writing a photo to the object store", async move {
            bucket.put(&path, bytes.into()).await
        })?
        .map(|_| ())
        .ok_or(CentralError::Away {
            doing: "looking for the bucket",
        })
    }

    fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, CentralError> {
        let (bucket, path) = (Arc::clone(&self.bucket), self.path(id));
        let found = self.wait("reading a photo from the object store", async move {
            bucket.get(&path).await?.bytes().await
        })?;
        match found {
            Some(bytes) if BlobId::of(&bytes) == *id => Ok(Some(bytes.to_vec())),
            Some(_) => Err(CentralError::Digest),
            None => Ok(None),
        }
    }

    fn has(&self, id: &BlobId) -> Result<bool, CentralError> {
        let (bucket, path) = (Arc::clone(&self.bucket), self.path(id));
        let found = self.wait("looking for a photo in the object store", async move {
            bucket.head(&path).await
        })?;
        Ok(found.is_some())
    }

    fn each(&self, seen: &mut dyn FnMut(BlobId)) -> Result<(), CentralError> {
        let (bucket, prefix) = (Arc::clone(&self.bucket), Path::from(format!("{}/photos", self.prefix)));
        let listed = self.wait("listing the object store", async move {
            let mut ids = Vec::new();
            let mut objects = bucket.list(Some(&prefix));
            while let Some(object) = objects.next().await {
                let name = object?.location.filename().unwrap_or_default().to_owned();
                ids.extend(name.strip_suffix(".jpg").and_then(|hex| BlobId::from_hex(hex).ok()));
            }
            Ok(ids)
        })?;
        listed.unwrap_or_default().into_iter().for_each(seen);
        Ok(())
    }

    fn put_piece(&self, upload: &str, piece: &str, bytes: &[u8]) -> Result<(), CentralError> {
        let (bucket, path, bytes) = (Arc::clone(&self.bucket), self.piece(upload, piece), bytes.to_vec());
        self.wait("writing a piece of an upload", async move {
            bucket.put(&path, bytes.into()).await
        })?
        .map(|_| ())
        .ok_or(CentralError::Away {
            doing: "looking for the bucket",
        })
    }

    fn get_piece(&self, upload: &str, piece: &str) -> Result<Option<Vec<u8>>, CentralError> {
        let (bucket, path) = (Arc::clone(&self.bucket), self.piece(upload, piece));
        let found = self.wait("reading a piece of an upload", async move {
            bucket.get(&path).await?.bytes().await
        })?;
        Ok(found.map(|bytes| bytes.to_vec()))
    }

    fn drop_pieces(&self, upload: &str) -> Result<(), CentralError> {
        let (bucket, prefix) = (Arc::clone(&self.bucket), self.pieces(upload));
        self.wait("removing the pieces of an upload", async move {
            let mut objects = bucket.list(Some(&prefix));
            while let Some(object) = objects.next().await {
                bucket.delete(&object?.location).await?;
            }
            Ok(())
        })
        .map(|_| ())
    }

    fn ready(&self) -> Result<(), CentralError> {
        // Any answer about any key says that the bucket can be asked.
        self.has(&BlobId::of(b"ready")).map(|_| ())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let read = address("s3://photos/2027?endpoint=http://127.0.0.1:9000&region=cn-north-1").unwrap();
        assert_eq!((read.bucket, read.prefix), ("photos", "2027"));
        assert_eq!(
            read.options,
            [("endpoint", "http://127.0.0.1:9000"), ("region", "cn-north-1")]
        );
        for wrong in ["photos", "s3://", "s3://?x=1", "s3://b?password=x", "s3://b?endpoint"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
