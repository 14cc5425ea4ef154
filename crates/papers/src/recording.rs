//! Voice and video: which tracks a container has, and how long it says it is. No sample is decoded.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use symphonia::core::codecs::CodecParameters;
use symphonia::core::formats::probe::{Hint, Probe};
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::units::{Duration, TimeBase};
use symphonia::default::formats::{IsoMp4Reader, MkvReader, MpaReader, OggReader, WavReader};
use symphonia::default::meta::Id3v2Reader;

use crate::budget::{Budget, Budgeted};
use crate::format::Format;
use crate::{FileFacts, FileKind, FileRefusal};

mod boxes;
mod ebml;

/// The tables of a film of many hours take some megabytes, cover art a few more.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// Longer than anybody records; a header that claims more is wrong.
const MAX_SECONDS: f64 = 7.0 * 24.0 * 3600.0;

pub(crate) fn examine(file: &File, size: u64, promised: Format) -> Result<FileFacts, FileRefusal> {
    // The parser tolerates a container that stops early; a court should not.
    let quicktime = match promised {
        Format::IsoMedia | Format::M4a => boxes::check(file, size)? == boxes::Brand::QuickTime,
        Format::Webm => ebml::check(file, size).map(|()| false)?,
        _ => false,
    };
    let container = open(file, size, promised)?;
    let tracks = Tracks::of(container.as_ref());
    let kind = tracks.kind(promised)?;
    kind.check_size(size)?;
    let media_type = match (promised, kind) {
        (Format::Webm, FileKind::Video) => "video/webm",
        (Format::Webm, _) => "audio/webm",
        (Format::Ogg, _) => "audio/ogg",
        (Format::Mp3, _) => "audio/mpeg",
        (Format::Wav, _) => "audio/wav",
        (_, FileKind::Video) if quicktime => "video/quicktime",
        (_, FileKind::Video) => "video/mp4",
        _ => "audio/mp4",
    };
    let (width, height) = tracks.picture.unwrap_or_default();
    Ok(FileFacts {
        kind,
        media_type: media_type.into(),
        width,
        height,
        seconds: seconds(container.as_ref()),
        pages: None,
        warnings: Vec::new(),
    })
}

/// Opens the container with the one reader that its magic bytes call for, so that no other parser ever sees the file.
fn open<'a>(file: &'a File, size: u64, promised: Format) -> Result<Box<dyn FormatReader + 'a>, FileRefusal> {
    let mut probe = Probe::new();
    match promised {
        Format::Webm => probe.register_format::<MkvReader<'_>>(),
        Format::Ogg => probe.register_format::<OggReader<'_>>(),
        Format::Wav => probe.register_format::<WavReader<'_>>(),
        Format::Mp3 => {
            probe.register_format::<MpaReader<'_>>();
            probe.register_metadata::<Id3v2Reader<'_>>();
        }
        _ => probe.register_format::<IsoMp4Reader<'_>>(),
    }
    let mut start = file;
    start.seek(SeekFrom::Start(0))?;
    let source = Budgeted::new(file, size, Budget::new(MAX_READ));
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    probe
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| FileRefusal::Broken("media container".into()))
}

#[derive(Default)]
struct Tracks {
    sound: bool,
    /// A picture track, with its size where the container says it.
    picture: Option<(Option<u32>, Option<u32>)>,
    /// Tracks that the parser has no name for: a new video codec, a phone's motion data.
    unknown: bool,
}

impl Tracks {
    fn of(container: &dyn FormatReader) -> Self {
        let mut tracks = Self::default();
        for track in container.tracks() {
            match &track.codec_params {
                Some(CodecParameters::Audio(_)) => tracks.sound = true,
                Some(CodecParameters::Video(video)) => {
                    tracks.picture.get_or_insert((video.width.map(u32::from), video.height.map(u32::from)));
                }
                _ => tracks.unknown = true,
            }
        }
        tracks
    }

    fn kind(&self, promised: Format) -> Result<FileKind, FileRefusal> {
        let may_be_video = matches!(promised, Format::IsoMedia | Format::Webm);
        match (self.picture.is_some() || (self.unknown && may_be_video), self.sound) {
            (true, _) if may_be_video => Ok(FileKind::Video),
            (true, _) => Err(FileRefusal::TypeMismatch { ending: "m4a".to_owned(), found: "视频".into() }),
            (false, true) => Ok(FileKind::Voice),
            (false, false) => Err(FileRefusal::Broken("no sound and no picture".into())),
        }
    }
}

/// The longest duration that the container or one of its tracks states.
fn seconds(container: &dyn FormatReader) -> Option<f64> {
    let whole = container.media_info();
    let stated =
        container.tracks().iter().map(|t| (t.time_base, t.duration)).chain([(whole.time_base, whole.duration)]);
    stated
        .filter_map(|(base, duration)| length(base?, duration?))
        .filter(|s| *s > 0.0 && *s <= MAX_SECONDS)
        .reduce(f64::max)
}

fn length(base: TimeBase, duration: Duration) -> Option<f64> {
    base.calc_duration(duration).map(|time| time.as_secs_f64())
}
