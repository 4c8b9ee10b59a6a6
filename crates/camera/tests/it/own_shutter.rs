//! Whose answer is it? A camera with a shutter of its own may answer late, when the shot was given up and another one is waited for.
use crate::make::{jpeg, limits, until};
use camera::{
    Cadence, CameraError, CameraHandle, CameraId, CameraState, CardFile, CardPicture, Cause, Delivery, Negotiated,
    OwnShutter, RawFrame, Source, Stream, Wish,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the camera was asked for, and what it hands over next.
#[derive(Default)]
struct Script {
    asked: Vec<Wish>,
    coming: VecDeque<Delivery>,
    is_lost: bool,
}

#[derive(Clone, Default)]
struct Camera(Arc<Mutex<Script>>);

impl Camera {
    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.0.lock().unwrap()
    }

    fn hands_over(&self, cause: Cause, seed: u32) {
        let file = CardFile {
            body: "0042".to_owned(),
            path: format!("/card/{seed}.jpg"),
        };
        self.script().coming.push_back(Delivery::Picture(CardPicture {
            cause,
            file,
            jpeg: jpeg(seed),
            appeared: Instant::now(),
            took: None,
        }));
    }

    fn releases(&self) -> usize {
        let script = self.script();
        script.asked.iter().filter(|w| matches!(w, Wish::Release(_))).count()
    }
}

impl Source for Camera {
    fn id(&self) -> CameraId {
        CameraId::Tethered("a camera".to_owned())
    }
    fn name(&self) -> String {
        "a camera".to_owned()
    }
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        match self.script().is_lost {
            true => Err(CameraError::Absent { camera: self.id() }),
            false => Ok(Box::new(self.clone())),
        }
    }
}

impl Stream for Camera {
    fn negotiated(&self) -> Negotiated {
        Negotiated {
            size: None,
            cadence: Cadence::OnDemand,
            settle_frames: 0,
        }
    }
    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        std::thread::park_timeout(timeout.min(Duration::from_millis(2)));
        match self.script().is_lost {
            true => Err(CameraError::Absent { camera: self.id() }),
            false => Err(CameraError::NoFrame { waited: timeout }),
        }
    }
    fn own_shutter(&mut self) -> Option<&mut dyn OwnShutter> {
        Some(self)
    }
}

impl OwnShutter for Camera {
    fn ask(&mut self, wish: &Wish) -> Result<(), CameraError> {
        self.script().asked.push(wish.clone());
        Ok(())
    }
    fn delivered(&mut self) -> Option<Delivery> {
        self.script().coming.pop_front()
    }
}

#[test]
fn a_late_answer_is_not_the_next_shot() {
    let camera = Camera::default();
    let handle = CameraHandle::start(Box::new(camera.clone()), limits());
    until("it is open", || {
        handle.has_own_shutter() && handle.state() == CameraState::Streaming
    });
    std::thread::scope(|scope| {
        // The first shot is given up: the cable is out.
        let first = scope.spawn(|| handle.capture(Duration::ZERO));
        until("it was released", || camera.releases() == 1);
        camera.script().is_lost = true;
        assert!(first.join().unwrap().is_err());
        camera.script().is_lost = false;
        until("it is back", || handle.state() == CameraState::Streaming);
        // Somebody else sits. The answer to the first one comes, and only then the one that is waited for.
        let second = scope.spawn(|| handle.capture(Duration::ZERO));
        until("it was released again", || camera.releases() == 2);
        assert_eq!(camera.script().asked, [Wish::Release(1), Wish::Release(2)]);
        camera.hands_over(Cause::Asked(1), 1);
        until("it was heard", || camera.script().coming.is_empty());
        camera.hands_over(Cause::Asked(2), 2);
        let still = second.join().unwrap().unwrap();
        assert_eq!(still.jpeg, jpeg(2), "the picture of the shot that was waited for");
        assert_eq!(still.card.unwrap().body, "0042");
    });
    // Nothing is lost: the late one is handed over as a picture nobody waits for.
    let Some(Delivery::Picture(late)) = handle.next_delivery(Duration::from_secs(10)) else {
        panic!("the late one");
    };
    assert_eq!((late.cause, late.jpeg), (Cause::Asked(1), jpeg(1)));
    // Nor is the next one confused by an answer that has no number.
    camera.hands_over(Cause::Asked(0), 3);
    assert!(matches!(
        handle.next_delivery(Duration::from_secs(10)),
        Some(Delivery::Picture(picture)) if picture.cause == Cause::Asked(0)
    ));
}
