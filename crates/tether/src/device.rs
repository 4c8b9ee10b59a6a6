//! A camera as this program uses it: list, open, release, live picture, events, card. The only place that calls the library.
#![allow(unsafe_code)]
use crate::library::{FileInfo, FilePath, Object, Symbols, free};
use std::ffi::{CStr, CString, c_char, c_int, c_ulong};
use std::ptr::null_mut;
use std::rc::Rc;

/// Most entries of one folder of a card that are looked at.
const MAX_FILES: c_int = 50_000;
/// Folders within folders on a card.
const MAX_DEPTH: usize = 6;
/// Most bytes of one picture.
const MAX_PICTURE_BYTES: u64 = 128 << 20;

/// What the library calls a normal picture, and the two kinds of setting with choices.
const NORMAL: c_int = 1;
const RADIO: c_int = 5;
const MENU: c_int = 6;
const TEXT: c_int = 2;
const FILE_ADDED: c_int = 2;

/// The library refused a step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words} ({code})")]
pub(crate) struct Refused {
    /// The library's number.
    pub code: i32,
    /// Its words.
    pub words: String,
}

impl Refused {
    /// The cable is out, the camera is off, or its driver is lost.
    pub fn is_loss(&self) -> bool {
        matches!(self.code, -7 | -31..=-20 | -65..=-34)
    }
}

/// A camera that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub model: String,
    pub port: String,
}

/// A file on the camera's card.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CardFile {
    pub folder: String,
    pub name: String,
}

impl CardFile {
    /// From `/folder/name`.
    pub fn from_path(path: &str) -> Option<Self> {
        let (folder, name) = path.rsplit_once('/')?;
        let holds = folder.starts_with('/') && !name.is_empty();
        holds.then(|| Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
        })
    }

    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }

    /// Whether it is a picture the station can use; a raw file beside it is not.
    pub fn is_jpeg(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        name.ends_with(".jpg") || name.ends_with(".jpeg")
    }
}

/// The cameras that are plugged in.
pub(crate) fn list(symbols: &Rc<Symbols>) -> Result<Vec<Found>, Refused> {
    let context = Context::new(symbols);
    let found = List::new(symbols)?;
    // SAFETY: both objects are the library's own and live.
    check(symbols, unsafe { (symbols.gp_camera_autodetect)(found.0, context.0) })?;
    Ok(found
        .entries()
        .into_iter()
        .map(|(model, port)| Found { model, port })
        .collect())
}

/// An open camera.
pub(crate) struct Device {
    symbols: Rc<Symbols>,
    context: Context,
    camera: Object,
}

impl Device {
    /// Opens the camera at a port.
    pub fn open(symbols: Rc<Symbols>, port: &str) -> Result<Self, Refused> {
        let context = Context::new(&symbols);
        let mut camera = null_mut();
        // SAFETY: the library writes a new object.
        check(&symbols, unsafe { (symbols.gp_camera_new)(&raw mut camera) })?;
        let device = Self {
            symbols,
            context,
            camera,
        };
        device.set_port(port)?;
        // SAFETY: the camera is new and has its port.
        device.check(unsafe { (device.symbols.gp_camera_init)(device.camera, device.context.0) })?;
        Ok(device)
    }

    fn set_port(&self, port: &str) -> Result<(), Refused> {
        let s = &self.symbols;
        let port = text(port)?;
        let (mut ports, mut info) = (null_mut(), null_mut());
        // SAFETY: the list is made, filled, asked and freed in order; what `get_info` gives is copied by `set_port_info`.
        unsafe {
            self.check((s.gp_port_info_list_new)(&raw mut ports))?;
            let set = self
                .check((s.gp_port_info_list_load)(ports))
                .and_then(|_| self.check((s.gp_port_info_list_lookup_path)(ports, port.as_ptr())))
                .and_then(|at| self.check((s.gp_port_info_list_get_info)(ports, at, &raw mut info)))
                .and_then(|_| self.check((s.gp_camera_set_port_info)(self.camera, info)));
            (s.gp_port_info_list_free)(ports);
            set.map(|_| ())
        }
    }

    /// Releases the shutter and waits until the camera names the picture.
    pub fn capture(&self) -> Result<CardFile, Refused> {
        let mut path = FilePath {
            name: [0; 128],
            folder: [0; 1024],
        };
        // SAFETY: the library writes two texts that end with zero into the structure it declares so.
        let outcome = unsafe { (self.symbols.gp_camera_capture)(self.camera, 0, &raw mut path, self.context.0) };
        self.check(outcome)?;
        Ok(path.read())
    }

    /// The live picture.
    pub fn preview(&self) -> Result<Vec<u8>, Refused> {
        let file = File::new(&self.symbols)?;
        // SAFETY: camera, file and context live.
        self.check(unsafe { (self.symbols.gp_camera_capture_preview)(self.camera, file.0, self.context.0) })?;
        file.bytes()
    }

    /// Waits at most so long; a file that came onto the card, if one did.
    pub fn wait(&self, most_ms: i32) -> Result<Option<CardFile>, Refused> {
        let (mut kind, mut data) = (0, null_mut());
        // SAFETY: the library writes the kind of event, and a pointer to its data or null.
        let outcome = unsafe {
            let wait = self.symbols.gp_camera_wait_for_event;
            wait(self.camera, most_ms, &raw mut kind, &raw mut data, self.context.0)
        };
        let added = (kind == FILE_ADDED && !data.is_null()).then(|| {
            // SAFETY: the data of this event is a path.
            unsafe { &*data.cast::<FilePath>() }.read()
        });
        // SAFETY: what an event carries was allocated for whoever asked; `free` takes null.
        unsafe { free(data) };
        self.check(outcome)?;
        Ok(added)
    }

    /// A file of the card, whole.
    pub fn fetch(&self, path: &CardFile) -> Result<Vec<u8>, Refused> {
        if self.size(path)? > MAX_PICTURE_BYTES {
            return Err(refused("the file is larger than any picture"));
        }
        let (folder, name) = (text(&path.folder)?, text(&path.name)?);
        let file = File::new(&self.symbols)?;
        // SAFETY: the texts end with zero and outlive the call.
        let outcome = unsafe {
            let get = self.symbols.gp_camera_file_get;
            get(
                self.camera,
                folder.as_ptr(),
                name.as_ptr(),
                NORMAL,
                file.0,
                self.context.0,
            )
        };
        self.check(outcome)?;
        file.bytes()
    }

    fn size(&self, path: &CardFile) -> Result<u64, Refused> {
        let (folder, name) = (text(&path.folder)?, text(&path.name)?);
        // SAFETY: all fields are numbers; the library fills what it knows.
        let mut info: Box<FileInfo> = Box::new(unsafe { std::mem::zeroed() });
        // SAFETY: as above; the texts outlive the call.
        let outcome = unsafe {
            let get = self.symbols.gp_camera_file_get_info;
            get(
                self.camera,
                folder.as_ptr(),
                name.as_ptr(),
                &raw mut *info,
                self.context.0,
            )
        };
        self.check(outcome)?;
        Ok(info.file.size)
    }

    /// The JPEGs on the card with their sizes in bytes. `beat` is called now and then: a full card takes a while.
    pub fn card(&self, beat: &mut dyn FnMut()) -> Result<Vec<(CardFile, u64)>, Refused> {
        let mut files = Vec::new();
        self.look(("/", MAX_DEPTH), &mut files, beat)?;
        Ok(files)
    }

    fn look(
        &self,
        (folder, depth): (&str, usize),
        files: &mut Vec<(CardFile, u64)>,
        beat: &mut dyn FnMut(),
    ) -> Result<(), Refused> {
        let path = text(folder)?;
        let (here, below) = (List::new(&self.symbols)?, List::new(&self.symbols)?);
        // SAFETY: the text outlives both calls; the lists live.
        unsafe {
            let (names, folders) = (
                self.symbols.gp_camera_folder_list_files,
                self.symbols.gp_camera_folder_list_folders,
            );
            self.check(names(self.camera, path.as_ptr(), here.0, self.context.0))?;
            self.check(folders(self.camera, path.as_ptr(), below.0, self.context.0))?;
        }
        for (name, _) in here.entries() {
            beat();
            let file = CardFile {
                folder: folder.to_owned(),
                name,
            };
            if file.is_jpeg() {
                let size = self.size(&file)?;
                files.push((file, size));
            }
        }
        for (name, _) in below.entries() {
            if depth > 0 && !name.is_empty() {
                let inside = format!("{}/{name}", folder.trim_end_matches('/'));
                self.look((&inside, depth - 1), files, beat)?;
            }
        }
        Ok(())
    }

    /// A setting as text, where the camera has it.
    pub fn setting(&self, name: &str) -> Option<String> {
        let widget = self.widget(name).ok()?;
        widget.value()
    }

    /// Sets a setting to the first of its choices that is wanted; nothing happens where there is none.
    pub fn choose(&self, name: &str, wanted: impl Fn(&str) -> bool) -> Result<(), Refused> {
        let widget = self.widget(name)?;
        let Some(choice) = widget.choices().into_iter().find(|c| wanted(c)) else {
            return Ok(());
        };
        if widget.value().as_ref() == Some(&choice) {
            return Ok(());
        }
        let (name, choice) = (text(name)?, text(&choice)?);
        // SAFETY: a setting with choices takes a text, which it copies.
        unsafe {
            self.check((self.symbols.gp_widget_set_value)(
                widget.object,
                choice.as_ptr().cast(),
            ))?;
            let set = self.symbols.gp_camera_set_single_config;
            self.check(set(self.camera, name.as_ptr(), widget.object, self.context.0))?;
        }
        Ok(())
    }

    fn widget(&self, name: &str) -> Result<Widget<'_>, Refused> {
        let name = text(name)?;
        let mut object = null_mut();
        // SAFETY: the library writes a new object.
        let outcome = unsafe {
            let get = self.symbols.gp_camera_get_single_config;
            get(self.camera, name.as_ptr(), &raw mut object, self.context.0)
        };
        self.check(outcome)?;
        Ok(Widget {
            symbols: &self.symbols,
            object,
        })
    }

    fn check(&self, code: c_int) -> Result<c_int, Refused> {
        check(&self.symbols, code)
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: the camera was made by the library and is used no more.
        unsafe {
            (self.symbols.gp_camera_exit)(self.camera, self.context.0);
            (self.symbols.gp_camera_unref)(self.camera);
        }
    }
}

impl FilePath {
    fn read(&self) -> CardFile {
        CardFile {
            folder: within(&self.folder),
            name: within(&self.name),
        }
    }
}

/// The text in a buffer, up to its zero or its end.
fn within(buffer: &[c_char]) -> String {
    let bytes: Vec<u8> = buffer
        .iter()
        .map(|c| c.to_ne_bytes()[0])
        .take_while(|b| *b != 0)
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The text at a pointer of the library; empty for null.
fn read(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the library's texts end with zero and live as long as the object that was asked.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

fn text(value: &str) -> Result<CString, Refused> {
    CString::new(value).map_err(|_| refused("a name with a zero in it"))
}

fn refused(words: &str) -> Refused {
    Refused {
        code: -2,
        words: words.to_owned(),
    }
}

fn check(symbols: &Symbols, code: c_int) -> Result<c_int, Refused> {
    if code >= 0 {
        return Ok(code);
    }
    Err(Refused {
        code,
        // SAFETY: the library answers every number with a constant text.
        words: read(unsafe { (symbols.gp_result_as_string)(code) }),
    })
}

struct Context(Object, Rc<Symbols>);

impl Context {
    fn new(symbols: &Rc<Symbols>) -> Self {
        // SAFETY: makes an object; the library takes null as well, should there be no memory.
        Self(unsafe { (symbols.gp_context_new)() }, Rc::clone(symbols))
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: made in `new`, and used no more.
            unsafe { (self.1.gp_context_unref)(self.0) };
        }
    }
}

struct List(Object, Rc<Symbols>);

impl List {
    fn new(symbols: &Rc<Symbols>) -> Result<Self, Refused> {
        let mut list = null_mut();
        // SAFETY: the library writes a new object.
        check(symbols, unsafe { (symbols.gp_list_new)(&raw mut list) })?;
        Ok(Self(list, Rc::clone(symbols)))
    }

    fn entries(&self) -> Vec<(String, String)> {
        // SAFETY: the list lives; the texts belong to it and are copied.
        let count = unsafe { (self.1.gp_list_count)(self.0) }.clamp(0, MAX_FILES);
        let entry = |at| {
            let (mut name, mut value) = (std::ptr::null(), std::ptr::null());
            // SAFETY: as above; a refusal leaves null, which reads as nothing.
            unsafe {
                (self.1.gp_list_get_name)(self.0, at, &raw mut name);
                (self.1.gp_list_get_value)(self.0, at, &raw mut value);
            }
            (read(name), read(value))
        };
        (0..count).map(entry).collect()
    }
}

impl Drop for List {
    fn drop(&mut self) {
        // SAFETY: made in `new`, and used no more.
        unsafe { (self.1.gp_list_free)(self.0) };
    }
}

struct File(Object, Rc<Symbols>);

impl File {
    fn new(symbols: &Rc<Symbols>) -> Result<Self, Refused> {
        let mut file = null_mut();
        // SAFETY: the library writes a new object.
        check(symbols, unsafe { (symbols.gp_file_new)(&raw mut file) })?;
        Ok(Self(file, Rc::clone(symbols)))
    }

    fn bytes(&self) -> Result<Vec<u8>, Refused> {
        let (mut data, mut size): (*const u8, c_ulong) = (std::ptr::null(), 0);
        // SAFETY: the library writes where its bytes lie and how many they are.
        let outcome = unsafe { (self.1.gp_file_get_data_and_size)(self.0, &raw mut data, &raw mut size) };
        check(&self.1, outcome)?;
        if data.is_null() || size == 0 {
            return Err(refused("the file is empty"));
        }
        // SAFETY: the bytes belong to the file, which lives until they are copied.
        Ok(unsafe { std::slice::from_raw_parts(data, size as usize) }.to_vec())
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: made in `new`, and used no more.
        unsafe { (self.1.gp_file_unref)(self.0) };
    }
}

/// A setting of the camera.
struct Widget<'a> {
    symbols: &'a Symbols,
    object: Object,
}

impl Widget<'_> {
    /// Its value, for the kinds whose value is a text.
    fn value(&self) -> Option<String> {
        let mut kind = 0;
        // SAFETY: the library writes the kind.
        let outcome = unsafe { (self.symbols.gp_widget_get_type)(self.object, &raw mut kind) };
        if outcome < 0 || !matches!(kind, TEXT | RADIO | MENU) {
            return None;
        }
        let mut value = std::ptr::null();
        // SAFETY: the kinds above give a text that belongs to the setting.
        let outcome = unsafe { (self.symbols.gp_widget_get_value)(self.object, &raw mut value) };
        (outcome >= 0).then(|| read(value))
    }

    fn choices(&self) -> Vec<String> {
        // SAFETY: the setting lives; the texts belong to it and are copied.
        let count = unsafe { (self.symbols.gp_widget_count_choices)(self.object) }.max(0);
        let choice = |at| {
            let mut text = std::ptr::null();
            // SAFETY: as above.
            unsafe { (self.symbols.gp_widget_get_choice)(self.object, at, &raw mut text) };
            read(text)
        };
        (0..count).map(choice).collect()
    }
}

impl Drop for Widget<'_> {
    fn drop(&mut self) {
        // SAFETY: made by the camera for whoever asked, and used no more.
        unsafe { (self.symbols.gp_widget_free)(self.object) };
    }
}
