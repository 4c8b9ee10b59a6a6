//! Is the connection to the database encrypted, and to the server that was meant? `sslmode` of the address and the setting
//! `database_ca` say so.
//!
//! | `sslmode` | without `database_ca` | with it |
//! |---|---|---|
//! | `disable` | never | never |
//! | not named | never | always |
//! | `prefer` | never | when the server offers it |
//! | `require`, `verify-full` | always, by the system's authorities | always |
//!
//! Where it is encrypted, the certificate must come from an authority and be for the host of the address: a key nobody vouches for
//! keeps nobody out. Sockets of the same machine are never encrypted.
use crate::error::CentralError;
use crate::store::Stored;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use rustls::{ClientConfig, RootCertStore};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How to connect.
pub struct Way {
    /// Where, as whom, and whether encrypted.
    pub config: Config,
    /// Who encrypts, where that may be.
    pub tls: Option<MakeRustlsConnect>,
}

impl Way {
    /// Reads the address of a database and the file of its authority's certificates.
    ///
    /// # Errors
    /// `Invalid` when the address or the file does not hold.
    pub fn read(address: &str, ca: Option<&Path>) -> Stored<Self> {
        let invalid = |why: &str| CentralError::from(wire::Invalid::new("database_url", why));
        if address.contains("sslmode=verify-ca") || address.contains("sslmode=allow") {
            return Err(invalid("sslmode is disable, prefer, require or verify-full"));
        }
        // Whoever requires encryption here has the certificate and the name checked too.
        let strict = address.replace("sslmode=verify-full", "sslmode=require");
        let mut config: Config = strict
            .parse()
            .map_err(|_| invalid("must be postgres://user@host:port/name"))?;
        if ca.is_some() && !address.contains("sslmode=") {
            config.ssl_mode(SslMode::Require);
        }
        let encrypted = match config.get_ssl_mode() {
            SslMode::Disable => false,
            SslMode::Prefer => ca.is_some(),
            _ => true,
        };
        let tls = encrypted.then(|| client(ca)).transpose()?;
        Ok(Self {
            config,
            tls: tls.map(MakeRustlsConnect::new),
        })
    }
}

impl Way {
    /// Whether what is said goes over a network as it is.
    pub fn is_open_to_others(&self) -> bool {
        let far = |host: &Host| match host {
            Host::Tcp(name) => name != "localhost" && !name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
            Host::Unix(_) => false,
        };
        self.tls.is_none() && self.config.get_hosts().iter().any(far)
    }
}

fn client(ca: Option<&Path>) -> Stored<ClientConfig> {
    let roots = match ca {
        Some(path) => authorities(path)?,
        None => system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| wire::Invalid::new("database_ca", e))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The certificates of a file; each must be one.
fn authorities(path: &Path) -> Stored<RootCertStore> {
    let invalid = |why: String| CentralError::from(wire::Invalid::new("database_ca", why));
    let file = std::fs::File::open(path).map_err(CentralError::files("reading the certificates of database_ca"))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_reader_iter(file) {
        let certificate = certificate.map_err(|e| invalid(format!("holds no PEM certificates: {e}")))?;
        roots
            .add(certificate)
            .map_err(|e| invalid(format!("holds a certificate that does not read: {e}")))?;
    }
    if roots.is_empty() {
        return Err(invalid("holds no PEM certificate".to_owned()));
    }
    Ok(roots)
}

fn system() -> Stored<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let why = "must name a file of certificates: this machine has none of its own";
        return Err(wire::Invalid::new("database_ca", why).into());
    }
    Ok(roots)
}

/// Why a connection that was to be encrypted was not made, in words for whoever runs the center; nothing when that was not why.
pub fn reason(error: &tokio_postgres::Error) -> Option<String> {
    let source = std::error::Error::source(error)?;
    if let Some(io) = source.downcast_ref::<std::io::Error>() {
        let tls = io.get_ref()?.downcast_ref::<rustls::Error>()?;
        return Some(said(tls));
    }
    let said = source.to_string();
    said.contains("TLS").then(|| {
        if said.contains("not support") {
            "the server offers no encryption; name one that does, or say sslmode=disable".to_owned()
        } else {
            said
        }
    })
}

fn said(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::UnknownIssuer => {
                "the server's certificate is of no authority that is trusted; database_ca names its file".to_owned()
            }
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
                "the server's certificate is for another host than the address names".to_owned()
            }
            Bad::Expired | Bad::ExpiredContext { .. } => "the server's certificate has expired".to_owned(),
            other => format!("the server's certificate does not hold: {other}"),
        },
        other => format!("no encrypted connection: {other}"),
    }
}
