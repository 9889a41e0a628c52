//! The file formats that Baton reads.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The file format a source was read as, told from its content and never from its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Zoom cloud recording: numbered `WebVTT` cues, `Name: text` inside the cue.
    ZoomVtt,
    /// Microsoft Teams: `WebVTT` with `<v Name>` voice tags.
    TeamsVtt,
    /// Any other `WebVTT`.
    Webvtt,
    /// `SubRip`.
    Srt,
    /// `SubViewer`, as `YouTube` gives it.
    Sbv,
    /// Captions that Zoom saves on the computer: `[Name] 10:02:11`, then the words.
    ZoomCaptionText,
    /// Transcript of Microsoft Teams as a Word file, of the old layout or the new one.
    TeamsDocx,
    /// Transcript of Google Meet as a Word file.
    GoogleMeetDocx,
    /// Transcript of Google Meet as text or Markdown.
    GoogleMeetText,
    /// Notes that Gemini took in a Google Meet.
    GeminiNotes,
    /// Otter: `Name  0:02`, then the words.
    OtterText,
    /// `[hh:mm:ss] Name: text` lines.
    TimedText,
    /// `Name (mm:ss): text` lines.
    NameTimeText,
    /// `Name: text` lines without times.
    NameText,
    /// Gong call transcript, with or without the parties of the extensive call.
    GongJson,
    /// Fireflies transcript.
    FirefliesJson,
    /// Fathom meeting.
    FathomJson,
    /// Avoma transcription.
    AvomaJson,
    /// Grain transcript.
    GrainJson,
    /// Clari Copilot call.
    ClariJson,
    /// Chorus conversation.
    ChorusJson,
    /// Intercom call.
    IntercomJson,
    /// Zoom Phone recording or Revenue Accelerator conversation.
    ZoomJson,
    /// Google Meet REST transcript entries.
    MeetJson,
    /// Whisper, whisper-timestamped or whisper.cpp.
    WhisperJson,
    /// `WhisperX`.
    WhisperxJson,
    /// Deepgram, utterances or words.
    DeepgramJson,
    /// `AssemblyAI`, utterances or words.
    AssemblyaiJson,
    /// Amazon Transcribe.
    AwsTranscribeJson,
    /// Azure Speech, batch or fast transcription.
    AzureSpeechJson,
    /// Google Speech-to-Text.
    GoogleSttJson,
    /// Transcript of the podcast namespace in JSON.
    PodcastJson,
    /// Transcript of the podcast namespace in HTML.
    PodcastHtml,
    /// JSON Lines, an utterance per line.
    SegmentsJsonl,
    /// Chat of a Zoom meeting.
    ZoomChat,
    /// Export of a Slack workspace: a zip.
    SlackExport,
    /// One day of one channel of a Slack export.
    SlackJson,
    /// A mail after RFC 5322.
    Eml,
    /// Mails one after the other.
    Mbox,
    /// The HTML of a `HubSpot` note.
    HubspotHtml,
    /// Notes of `HubSpot` as its interface gives them.
    HubspotJson,
    /// `ContentNote` records of Salesforce.
    SalesforceJson,
    /// `ContentNote` records of Salesforce as a table.
    SalesforceCsv,
    /// A web page or a document saved as one.
    Html,
    /// Notes as a Word file.
    DocxNotes,
    /// A contract as a Word file.
    DocxContract,
    /// Notes as a PDF.
    PdfNotes,
    /// A contract as a PDF.
    PdfContract,
    /// Markdown notes.
    Markdown,
    /// Text without any other structure.
    PlainText,
}

impl Format {
    /// The format's name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ZoomVtt => "WebVTT of Zoom",
            Self::TeamsVtt => "WebVTT of Teams",
            Self::Webvtt => "WebVTT",
            Self::Srt => "SRT",
            Self::Sbv => "SBV",
            Self::ZoomCaptionText => "saved captions of Zoom",
            Self::TeamsDocx => "Word transcript of Teams",
            Self::GoogleMeetDocx => "Word transcript of Google Meet",
            Self::GoogleMeetText => "transcript of Google Meet",
            Self::GeminiNotes => "notes of Gemini",
            Self::OtterText => "transcript of Otter",
            Self::TimedText => "lines of “[time] Name: words”",
            Self::NameTimeText => "lines of “Name (time): words”",
            Self::NameText => "lines of “Name: words”",
            Self::GongJson => "JSON of Gong",
            Self::FirefliesJson => "JSON of Fireflies",
            Self::FathomJson => "JSON of Fathom",
            Self::AvomaJson => "JSON of Avoma",
            Self::GrainJson => "JSON of Grain",
            Self::ClariJson => "JSON of Clari Copilot",
            Self::ChorusJson => "JSON of Chorus",
            Self::IntercomJson => "JSON of Intercom",
            Self::ZoomJson => "JSON of Zoom",
            Self::MeetJson => "JSON of Google Meet",
            Self::WhisperJson => "JSON of Whisper",
            Self::WhisperxJson => "JSON of WhisperX",
            Self::DeepgramJson => "JSON of Deepgram",
            Self::AssemblyaiJson => "JSON of AssemblyAI",
            Self::AwsTranscribeJson => "JSON of Amazon Transcribe",
            Self::AzureSpeechJson => "JSON of Azure Speech",
            Self::GoogleSttJson => "JSON of Google Speech-to-Text",
            Self::PodcastJson => "podcast JSON",
            Self::PodcastHtml => "podcast HTML",
            Self::SegmentsJsonl => "JSON Lines of utterances",
            Self::ZoomChat => "chat of Zoom",
            Self::SlackExport => "export of Slack",
            Self::SlackJson => "JSON of Slack",
            Self::Eml => "mail",
            Self::Mbox => "mailbox",
            Self::HubspotHtml => "HTML note of HubSpot",
            Self::HubspotJson => "JSON notes of HubSpot",
            Self::SalesforceJson => "JSON notes of Salesforce",
            Self::SalesforceCsv => "notes of Salesforce as CSV",
            Self::Html => "HTML",
            Self::DocxNotes => "Word notes",
            Self::DocxContract => "Word contract",
            Self::PdfNotes => "PDF notes",
            Self::PdfContract => "PDF contract",
            Self::Markdown => "Markdown",
            Self::PlainText => "plain text",
        }
    }
}
