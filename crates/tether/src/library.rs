//! Which functions of libgphoto2 are used? Looked up when the program runs; the numbers and layouts are those of its 2.5 series,
//! whose interface is stable (soname 6).
#![allow(unsafe_code)]
use std::ffi::{c_char, c_int, c_ulong, c_void};

/// A pointer to one of the library's objects.
pub(crate) type Object = *mut c_void;

#[cfg(target_os = "macos")]
const NAME: &str = "libgphoto2.6.dylib";
#[cfg(not(target_os = "macos"))]
const NAME: &str = "libgphoto2.so.6";

/// Where a picture lies on the card, as the library writes it.
#[repr(C)]
pub(crate) struct FilePath {
    pub name: [c_char; 128],
    pub folder: [c_char; 1024],
}

/// What the library tells about a file; only the size of the picture itself is read.
#[repr(C)]
pub(crate) struct FileInfo {
    pub preview: MediaInfo,
    pub file: FileOnCard,
    pub audio: MediaInfo,
}

/// The parts of [`FileInfo`] for preview and sound.
#[repr(C)]
pub(crate) struct MediaInfo {
    pub fields: c_int,
    pub status: c_int,
    pub size: u64,
    pub kind: [c_char; 64],
    pub width: u32,
    pub height: u32,
}

/// The part of [`FileInfo`] for the file.
#[repr(C)]
pub(crate) struct FileOnCard {
    pub fields: c_int,
    pub status: c_int,
    pub size: u64,
    pub kind: [c_char; 64],
    pub width: u32,
    pub height: u32,
    pub permissions: c_int,
    pub modified: i64,
}

macro_rules! symbols {
    ($($name:ident($($argument:ty),*) -> $result:ty;)*) => {
        /// The functions, and the library they lie in.
        pub(crate) struct Symbols {
            $(pub $name: unsafe extern "C" fn($($argument),*) -> $result,)*
            _library: libloading::Library,
        }

        impl Symbols {
            /// Opens the system's library.
            ///
            /// # Errors
            /// When it is not installed, or lacks a function.
            pub fn open() -> Result<Self, libloading::Error> {
                // SAFETY: loading runs the library's initialisers, which every program linked to it runs as well. The types are
                // those of its headers, and the functions live as long as the library, which is kept beside them.
                unsafe {
                    let library = libloading::Library::new(NAME)?;
                    Ok(Self {
                        $($name: *library.get(concat!(stringify!($name), "\0").as_bytes())?,)*
                        _library: library,
                    })
                }
            }
        }
    };
}

symbols! {
    gp_context_new() -> Object;
    gp_context_unref(Object) -> ();
    gp_result_as_string(c_int) -> *const c_char;
    gp_list_new(*mut Object) -> c_int;
    gp_list_free(Object) -> c_int;
    gp_list_count(Object) -> c_int;
    gp_list_get_name(Object, c_int, *mut *const c_char) -> c_int;
    gp_list_get_value(Object, c_int, *mut *const c_char) -> c_int;
    gp_port_info_list_new(*mut Object) -> c_int;
    gp_port_info_list_free(Object) -> c_int;
    gp_port_info_list_load(Object) -> c_int;
    gp_port_info_list_lookup_path(Object, *const c_char) -> c_int;
    gp_port_info_list_get_info(Object, c_int, *mut Object) -> c_int;
    gp_camera_autodetect(Object, Object) -> c_int;
    gp_camera_new(*mut Object) -> c_int;
    gp_camera_set_port_info(Object, Object) -> c_int;
    gp_camera_init(Object, Object) -> c_int;
    gp_camera_exit(Object, Object) -> c_int;
    gp_camera_unref(Object) -> c_int;
    gp_camera_get_single_config(Object, *const c_char, *mut Object, Object) -> c_int;
    gp_camera_set_single_config(Object, *const c_char, Object, Object) -> c_int;
    gp_camera_capture(Object, c_int, *mut FilePath, Object) -> c_int;
    gp_camera_capture_preview(Object, Object, Object) -> c_int;
    gp_camera_wait_for_event(Object, c_int, *mut c_int, *mut *mut c_void, Object) -> c_int;
    gp_camera_file_get(Object, *const c_char, *const c_char, c_int, Object, Object) -> c_int;
    gp_camera_file_get_info(Object, *const c_char, *const c_char, *mut FileInfo, Object) -> c_int;
    gp_camera_folder_list_files(Object, *const c_char, Object, Object) -> c_int;
    gp_camera_folder_list_folders(Object, *const c_char, Object, Object) -> c_int;
    gp_file_new(*mut Object) -> c_int;
    gp_file_unref(Object) -> c_int;
    gp_file_get_data_and_size(Object, *mut *const u8, *mut c_ulong) -> c_int;
    gp_widget_count_choices(Object) -> c_int;
    gp_widget_get_choice(Object, c_int, *mut *const c_char) -> c_int;
    gp_widget_get_type(Object, *mut c_int) -> c_int;
    gp_widget_get_value(Object, *mut *const c_char) -> c_int;
    gp_widget_set_value(Object, *const c_void) -> c_int;
    gp_widget_free(Object) -> c_int;
}

unsafe extern "C" {
    /// The C library's: what an event carries is to be freed with it.
    pub(crate) fn free(memory: *mut c_void);
}
