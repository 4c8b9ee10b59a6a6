//! The web console is served from memory, under a policy that lets it load nothing but itself; nothing beside it can be had.
use crate::people::Browser;
use crate::station::{Answer, send};
use axum::body::Body;
use central::{Central, Config};
use http::Request;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::sync::oneshot;

/// A center that serves what is in `dir/ui`, if anything is.
async fn serving(dir: &Path) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let ui = dir.join("ui");
    let config = Config {
        console: ui.exists().then_some(ui),
        ..Config::new(dir.join("center"), address)
    };
    let central = Central::open(config).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move { central.serve(listener, async { drop(stopped.await) }).await });
    (address, stop)
}

fn built(dir: &Path) {
    let assets = dir.join("ui/assets");
    std::fs::create_dir_all(assets.join("deeper")).unwrap();
    for (name, text) in [
        ("ui/console.html", "<!doctype html><title>学影</title>"),
        ("ui/index.html", "the station's"),
        ("ui/assets/console-Ab12.js", "export {}"),
        ("ui/assets/console-Ab12.css", "body{}"),
        ("ui/assets/notes.txt", "not of a build"),
        ("ui/assets/deeper/x.js", "export {}"),
        ("secret.js", "secret"),
    ] {
        std::fs::write(dir.join(name), text).unwrap();
    }
}

async fn get(address: SocketAddr, target: &str, tag: Option<&str>) -> Answer {
    let mut request = Request::builder().uri(target).header("host", "center");
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    send(address, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_built_console_is_served_and_nothing_else_of_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    built(dir.path());
    let (address, _stop) = serving(dir.path()).await;
    let page = get(address, "/", None).await;
    assert_eq!((page.status, page.text().contains("学影")), (200, true));
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers["cache-control"], "no-cache");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for word in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(word), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    let tag = page.headers["etag"].to_str().unwrap();
    let again = get(address, "/", Some(tag)).await;
    assert_eq!((again.status, again.body.len()), (304, 0));

    let script = get(address, "/assets/console-Ab12.js", None).await;
    assert_eq!(
        (script.status, &script.headers["content-type"]),
        (200, &"text/javascript; charset=utf-8".parse().unwrap())
    );
    assert!(script.headers["cache-control"].to_str().unwrap().contains("immutable"));

    for target in [
        "/index.html",
        "/console.html",
        "/my",
        "/my.html",
        "/assets/",
        "/assets/notes.txt",
        "/assets/deeper/x.js",
        "/assets/../index.html",
        "/assets/..%2f..%2fsecret.js",
        "/assets/%2e%2e/%2e%2e/secret.js",
        "/../secret.js",
        "//secret.js",
        "/assets/console-Ab12.js%00",
        "/icon.png",
    ] {
        let answer = get(address, target, None).await;
        assert_eq!(
            (answer.status, answer.text().contains("secret\"")),
            (404, false),
            "{target}"
        );
        assert_eq!(
            answer.headers["content-security-policy"],
            "default-src 'none'; frame-ancestors 'none'"
        );
    }
    assert_eq!(
        Browser::new(address)
            .send("POST", "/", &serde_json::Value::Null)
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn the_graduates_site_is_served_beside_under_the_same_policy() {
    let dir = tempfile::tempdir().unwrap();
    built(dir.path());
    std::fs::write(dir.path().join("ui/my.html"), "<!doctype html><title>我的照片</title>").unwrap();
    let (address, _stop) = serving(dir.path()).await;
    let (page, console) = (get(address, "/my", None).await, get(address, "/", None).await);
    assert_eq!((page.status, page.text().contains("我的照片")), (200, true));
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "x-frame-options",
        "cache-control",
    ] {
        assert_eq!(page.headers[name], console.headers[name], "{name}");
    }
    for target in ["/my/", "/my.html", "/my/api", "/my/../secret.js"] {
        assert_eq!(get(address, target, None).await.status, 404, "{target}");
    }
    let own = get(address, "/my/api/me", None).await;
    assert_eq!(
        (own.status, &own.headers["cache-control"]),
        (401, &"no-store".parse().unwrap())
    );
}

#[tokio::test]
async fn a_center_without_a_console_shows_none() {
    let dir = tempfile::tempdir().unwrap();
    let (address, _stop) = serving(dir.path()).await;
    assert_eq!(get(address, "/", None).await.status, 404);
}

#[test]
fn a_folder_without_the_page_is_refused_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let config = Config {
        console: Some(dir.path().to_owned()),
        ..Config::new(dir.path().join("center"), SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    };
    assert!(Central::open(config).is_err());
}
