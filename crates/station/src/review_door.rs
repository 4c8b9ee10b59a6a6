//! The review window's way to the center: a coordinator's requests go through the station, by the address it trusts. The
//! session's secret stays here; the page never has it, and it ends with the window.
use crate::connect::remote;
use crate::core::Core;
use crate::trouble::Trouble;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipc::CenterAnswer;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::identity;
use sync::request::{Method, Request};
use sync::{Arriving, HttpRemote, RawAnswer, Remote};
use zeroize::Zeroizing;

/// The center's session cookie.
const COOKIE: &str = "__Host-xueying";
/// What accompanies a change, from the page.
const CSRF: &str = "x-csrf-token";
/// Routes for people; the station's own are signed and not for a page.
const ROUTES: &str = "/api/";
const MAX_TARGET_BYTES: usize = 2048;
/// Largest answer that goes to the page in one piece; larger files are kept on disk as they arrive.
const MAX_ANSWER_BYTES: usize = 32 * 1024 * 1024;
const ANSWER_TIME: Duration = Duration::from_secs(60);
/// The station is closing a window; nobody waits longer for the center to hear of it.
const FAREWELL_TIME: Duration = Duration::from_secs(3);

/// Who is logged in, and the connection.
#[derive(Default)]
pub(crate) struct ReviewDoor {
    /// The center's address, and the way there.
    way: Mutex<Option<(String, HttpRemote)>>,
    session: Mutex<Option<Session>>,
}

/// A coordinator's session.
#[derive(Clone)]
struct Session {
    secret: Zeroizing<String>,
    /// What the page sent along last; needed to end the session when the page is gone.
    token: Option<Zeroizing<String>>,
}

impl ReviewDoor {
    /// Whether somebody is logged in.
    pub fn is_open(&self) -> bool {
        self.session().is_some()
    }

    fn session(&self) -> Option<Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what the center said about the session: a new secret, or that it is over.
    fn hear(&self, answer: &RawAnswer, token: Option<&str>) {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let told = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let secret = told
            .filter_map(|(_, value)| value.split(';').next()?.trim().strip_prefix(COOKIE)?.strip_prefix('='))
            .next_back();
        match secret {
            Some("") => *session = None,
            Some(secret) => {
                *session = Some(Session {
                    secret: Zeroizing::new(secret.to_owned()),
                    token: None,
                });
            }
            None if answer.status == 401 => *session = None,
            None => {
                if let (Some(session), Some(token)) = (session.as_mut(), token) {
                    session.token = Some(Zeroizing::new(token.to_owned()));
                }
            }
        }
    }
}

impl Core {
    /// Passes a request of the review window on and hands back the center's answer, whatever it says.
    ///
    /// # Errors
    /// When it is none of the routes for people, the station is not enrolled, or the center cannot be reached.
    pub fn ask_center(
        &self,
        method: &str,
        target: &str,
        token: Option<&str>,
        body_base64: Option<&str>,
    ) -> Result<CenterAnswer, Trouble> {
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            "DELETE" => Method::Delete,
            _ => return Err(Trouble::Bad("this method is not passed on")),
        };
        let body = match body_base64 {
            Some(text) => STANDARD
                .decode(text)
                .map_err(|_| Trouble::Bad("the body is not base64"))?,
            None => Vec::new(),
        };
        let request = self.request_of_page(method, target, token, body)?;
        let way = self.way_to_center()?;
        let answer = self
            .runtime
            .block_on(way.send(request))
            .map_err(|_| Trouble::Unreachable)?;
        self.review.hear(&answer, token);
        Ok(CenterAnswer {
            status: answer.status,
            content_type: answer.header("content-type").unwrap_or_default().to_owned(),
            body_base64: STANDARD.encode(&answer.body),
        })
    }

    /// A file of the center, as it arrives: packages are larger than memory.
    ///
    /// # Errors
    /// When it is no route for people, the center cannot be reached, or it does not give the file.
    pub async fn open_center_file(&self, target: &str) -> Result<Arriving, Trouble> {
        let request = self.request_of_page(Method::Get, target, None, Vec::new())?;
        let way = self.way_to_center()?;
        let file = way.open(request).await.map_err(|_| Trouble::Unreachable)?;
        match file.status() {
            200 => Ok(file),
            404 => Err(Trouble::NoSuch("file at the center")),
            _ => Err(Trouble::BadAnswer),
        }
    }

    /// Writes a file of the center to a place of the caller's, piece by piece.
    ///
    /// # Errors
    /// When it cannot be had, ends early, or cannot be written. What was written then is of no use.
    pub fn save_center_file(&self, target: &str, to: &mut std::fs::File) -> Result<(), Trouble> {
        use std::io::Write;
        let unwritten = |_| Trouble::Bad("the file cannot be written");
        let mut file = self.runtime.block_on(self.open_center_file(target))?;
        while let Some(piece) = self.runtime.block_on(file.piece()).map_err(|_| Trouble::Unreachable)? {
            to.write_all(&piece).map_err(unwritten)?;
        }
        to.sync_all().map_err(unwritten)
    }

    /// The review window is gone: so is its session, here at once, at the center if it can be told.
    pub fn leave_center(&self) {
        let session = self
            .review
            .session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(session) = session else { return };
        let mut request = request("/api/logout", Method::Post, Vec::new());
        request.time = FAREWELL_TIME;
        request.headers.push(("cookie", cookie(&session.secret)));
        if let Some(token) = &session.token {
            request.headers.push((CSRF, token.to_string()));
        }
        if let Ok(way) = self.way_to_center() {
            // A center that does not hear it ends the session by its own clock.
            let _ = self.runtime.block_on(way.send(request));
        }
    }

    fn request_of_page(
        &self,
        method: Method,
        target: &str,
        token: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Request, Trouble> {
        if !is_for_people(target) {
            return Err(Trouble::Bad("no route of the center for people"));
        }
        let mut request = request(target, method, body);
        if let Some(session) = self.review.session() {
            request.headers.push(("cookie", cookie(&session.secret)));
        }
        if let Some(token) = token {
            if !token.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Trouble::Bad("no token of the center"));
            }
            request.headers.push((CSRF, token.to_owned()));
        }
        Ok(request)
    }

    /// The connection is kept: a page of photos is many requests.
    fn way_to_center(&self) -> Result<HttpRemote, Trouble> {
        let identity = self.store.read(identity::get)?.ok_or(Trouble::NotEnrolled)?;
        let mut way = self.review.way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((address, remote)) = way.as_ref()
            && *address == identity.center_url
        {
            return Ok(remote.clone());
        }
        let fresh = remote(&identity.center_url)?;
        *way = Some((identity.center_url, fresh.clone()));
        Ok(fresh)
    }
}

fn request(target: &str, method: Method, body: Vec<u8>) -> Request {
    Request {
        method,
        target: target.to_owned(),
        headers: vec![
            ("accept-encoding", "identity".to_owned()),
            ("content-type", "application/json".to_owned()),
        ],
        body: body.into(),
        max_answer_bytes: MAX_ANSWER_BYTES,
        time: ANSWER_TIME,
    }
}

fn cookie(secret: &str) -> String {
    format!("{COOKIE}={secret}")
}

/// Whether a target stays among the routes for people: nothing in it may climb out of them.
fn is_for_people(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase();
    target.len() <= MAX_TARGET_BYTES
        && target.starts_with(ROUTES)
        && target.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#')
        && !path
            .split('/')
            .any(|part| matches!(part.replace("%2e", ".").as_str(), "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_routes_for_people_are_passed_on() {
        for good in [
            "/api/me",
            "/api/orders?state=pending_review&text=%E5%BC%A0",
            "/api/orders/1/pictures/finished",
        ] {
            assert!(is_for_people(good), "{good}");
        }
        for bad in [
            "/v1/ops",
            "/apix",
            "//evil.example/api/",
            "https://evil.example/api/me",
            "/api/../v1/ops",
            "/api/%2E%2e/v1/ops",
            "/api/.%2e/v1",
            "/api\\..\\v1",
            "/api/me#x",
            "/api/m e",
            "/api/张",
            "",
        ] {
            assert!(!is_for_people(bad), "{bad}");
        }
    }

    #[test]
    fn the_session_is_kept_from_the_answers() {
        let door = ReviewDoor::default();
        let answer = |status, cookie: Option<&str>| RawAnswer {
            status,
            headers: cookie
                .map(|c| ("set-cookie".to_owned(), c.to_owned()))
                .into_iter()
                .collect(),
            body: Vec::new().into(),
        };
        door.hear(&answer(200, Some("other=1; Path=/")), None);
        assert!(!door.is_open());
        door.hear(&answer(200, Some("__Host-xueying=abc; Path=/; Secure; HttpOnly")), None);
        assert_eq!(door.session().unwrap().secret.as_str(), "abc");
        door.hear(&answer(200, None), Some("csrf"));
        assert_eq!(door.session().unwrap().token.unwrap().as_str(), "csrf");
        door.hear(&answer(401, None), None);
        assert!(!door.is_open());
        door.hear(&answer(200, Some("__Host-xueying=abc; Path=/")), None);
        door.hear(&answer(204, Some("__Host-xueying=; Path=/; Max-Age=0")), None);
        assert!(!door.is_open());
    }
}
