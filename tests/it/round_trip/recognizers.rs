//! JSON of speech recognizers: voices instead of names, times per word.

use baton::domain::transcript::Format;
use serde_json::{Value, json};

use super::call::{Call, Said, Spoken};
use super::lines::clock;
use super::recorders::{bytes, entries};
use super::{EXACT, Shape, Voices, WORDS, seconds};

const SPEAKER: Voices = Voices::Labels(|who| format!("Speaker {who}"));
/// Google counts from 1: 0 is nobody.
const FROM_ONE: Voices = Voices::Labels(|who| format!("Speaker {}", who + 1));
const LETTER: Voices = Voices::Labels(|who| ["A", "B", "C"][who].to_owned());
const DIARIZED: Voices = Voices::Labels(diarized);
const AWS: Voices = Voices::Labels(aws_voice);

pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "Whisper",
        format: Format::WhisperJson,
        voices: Voices::Nobody,
        times: EXACT,
        write: |call| {
            let segments = entries(call, |at, _, said| {
                json!({"id": at, "seek": 0, "start": seconds(said.start_ms), "end": seconds(said.end_ms),
                    "text": format!(" {}", said.text()), "tokens": [50364], "temperature": 0.0, "no_speech_prob": 0.01})
            });
            bytes(&json!({"text": everything(call), "segments": segments, "language": "en"}))
        },
    },
    Shape {
        name: "whisper-timestamped",
        format: Format::WhisperJson,
        voices: Voices::Nobody,
        times: EXACT,
        write: |call| {
            let segments = entries(call, |at, _, said| {
                let words = words(said, |word, start, end| json!({"text": word, "start": start, "end": end}));
                json!({"id": at, "start": seconds(said.start_ms), "end": seconds(said.end_ms), "confidence": 0.9,
                    "text": format!(" {}", said.text()), "words": words})
            });
            bytes(&json!({"text": everything(call), "segments": segments, "language": "fr"}))
        },
    },
    Shape {
        name: "whisper.cpp",
        format: Format::WhisperJson,
        voices: SPEAKER,
        times: EXACT,
        write: |call| {
            let transcription = entries(call, |_, _, said| {
                let (from, to) = (clock(said.start_ms, ','), clock(said.end_ms, ','));
                json!({"timestamps": {"from": from, "to": to}, "offsets": {"from": said.start_ms, "to": said.end_ms},
                    "text": format!(" {}", said.text()), "speaker": said.who.to_string()})
            });
            bytes(&json!({"systeminfo": "AVX = 1", "model": {"type": "medium"}, "params": {"language": "en"},
                "result": {"language": "en"}, "transcription": transcription}))
        },
    },
    Shape {
        name: "WhisperX",
        format: Format::WhisperxJson,
        voices: DIARIZED,
        times: EXACT,
        write: |call| {
            let segments = entries(call, |_, _, said| {
                let speaker = diarized(said.who);
                let words = words(
                    said,
                    |word, start, end| json!({"word": word, "start": start, "end": end, "score": 0.8, "speaker": speaker}),
                );
                json!({"start": seconds(said.start_ms), "end": seconds(said.end_ms), "text": format!(" {}", said.text()),
                    "words": words, "speaker": speaker})
            });
            bytes(&json!({"segments": segments, "word_segments": [], "language": "en"}))
        },
    },
    Shape {
        name: "insanely-fast-whisper",
        format: Format::WhisperJson,
        voices: DIARIZED,
        times: EXACT,
        write: |call| {
            let speakers = entries(call, |_, _, said| {
                json!({"speaker": diarized(said.who), "timestamp": [seconds(said.start_ms), seconds(said.end_ms)],
                    "text": format!(" {}", said.text())})
            });
            bytes(&json!({"speakers": speakers, "chunks": [], "text": everything(call)}))
        },
    },
    Shape {
        name: "Deepgram, utterances",
        format: Format::DeepgramJson,
        voices: SPEAKER,
        times: EXACT,
        write: |call| {
            let utterances = entries(call, |at, _, said| {
                json!({"start": seconds(said.start_ms), "end": seconds(said.end_ms), "channel": 0, "confidence": 0.9,
                    "transcript": said.text(), "words": deepgram_words(said), "speaker": said.who, "id": at.to_string()})
            });
            let channel = json!({"alternatives": [{"transcript": everything(call), "words": []}]});
            bytes(&json!({"metadata": {"channels": 1}, "results": {"channels": [channel], "utterances": utterances}}))
        },
    },
    Shape {
        name: "Deepgram, words",
        format: Format::DeepgramJson,
        voices: SPEAKER,
        times: WORDS,
        write: |call| {
            let words: Vec<Value> = call.said.iter().flat_map(deepgram_words).collect();
            let channel = json!({"alternatives": [{"transcript": everything(call), "words": words}]});
            bytes(&json!({"metadata": {"channels": 1}, "results": {"channels": [channel]}}))
        },
    },
    Shape {
        name: "AssemblyAI, utterances",
        format: Format::AssemblyaiJson,
        voices: LETTER,
        times: EXACT,
        write: |call| {
            let utterances = entries(call, |_, _, said| {
                json!({"speaker": letter(said), "text": said.text(), "start": said.start_ms, "end": said.end_ms,
                    "words": assembly_words(said)})
            });
            bytes(&json!({"id": "b", "status": "completed", "audio_url": "https://cdn.example/call.mp3",
                "text": everything(call), "utterances": utterances}))
        },
    },
    Shape {
        name: "AssemblyAI, words",
        format: Format::AssemblyaiJson,
        voices: LETTER,
        times: WORDS,
        write: |call| {
            let words: Vec<Value> = call.said.iter().flat_map(assembly_words).collect();
            bytes(&json!({"id": "c", "status": "completed", "audio_duration": 8, "text": everything(call),
                "words": words, "utterances": null}))
        },
    },
    Shape {
        name: "Amazon Transcribe, items",
        format: Format::AwsTranscribeJson,
        voices: AWS,
        times: WORDS,
        write: |call| bytes(&aws(call, &json!(null))),
    },
    Shape {
        name: "Amazon Transcribe, segments",
        format: Format::AwsTranscribeJson,
        voices: AWS,
        times: EXACT,
        write: |call| {
            let segments = entries(call, |at, _, said| {
                json!({"id": at, "transcript": said.text(), "start_time": text(said.start_ms),
                    "end_time": text(said.end_ms), "speaker_label": aws_voice(said.who), "items": []})
            });
            bytes(&aws(call, &segments))
        },
    },
    Shape {
        name: "Amazon's analytics of calls",
        format: Format::AwsTranscribeJson,
        voices: Voices::Labels(|who| ROLES[who].to_owned()),
        times: EXACT,
        write: |call| {
            let transcript = entries(call, |at, _, said| {
                json!({"Content": said.text(), "Id": at.to_string(), "BeginOffsetMillis": said.start_ms, "Items": [],
                    "EndOffsetMillis": said.end_ms, "ParticipantRole": ROLES[said.who]})
            });
            bytes(&json!({"JobStatus": "COMPLETED", "LanguageCode": "en-US", "Channel": "VOICE",
                "Transcript": transcript}))
        },
    },
    Shape {
        name: "Azure, batch",
        format: Format::AzureSpeechJson,
        voices: SPEAKER,
        times: EXACT,
        write: |call| {
            let phrases = entries(call, |_, _, said| {
                json!({"recognitionStatus": "Success", "channel": 0, "speaker": said.who,
                    "offsetInTicks": said.start_ms * TICKS_PER_MS,
                    "durationInTicks": (said.end_ms - said.start_ms) * TICKS_PER_MS,
                    "nBest": [{"confidence": 0.9, "lexical": "words", "display": said.text()}]})
            });
            bytes(&json!({"source": "https://blob.example/call.wav", "combinedRecognizedPhrases": [],
                "recognizedPhrases": phrases}))
        },
    },
    Shape {
        name: "Azure, fast",
        format: Format::AzureSpeechJson,
        voices: SPEAKER,
        times: EXACT,
        write: |call| {
            let phrases = entries(call, |_, _, said| {
                json!({"channel": 0, "speaker": said.who, "offsetMilliseconds": said.start_ms,
                    "durationMilliseconds": said.end_ms - said.start_ms, "text": said.text(), "locale": "en-US"})
            });
            let combined = json!([{"channel": 0, "text": everything(call)}]);
            bytes(&json!({"durationMilliseconds": 1, "combinedPhrases": combined, "phrases": phrases}))
        },
    },
    Shape {
        name: "Google, all words again in the last result",
        format: Format::GoogleSttJson,
        voices: FROM_ONE,
        times: WORDS,
        write: |call| {
            let words = |tagged: bool| {
                let word = move |who: usize, word: Spoken<'_>| {
                    let (start, end) = (google_time(word.start_ms), google_time(word.end_ms));
                    let mut entry = json!({"word": word.word, "startTime": start, "endTime": end});
                    if tagged {
                        entry["speakerTag"] = (who + 1).into();
                    }
                    entry
                };
                let of = move |said: &Said| said.spoken().map(|spoken| word(said.who, spoken)).collect::<Vec<_>>();
                call.said.iter().flat_map(of).collect::<Value>()
            };
            let heard = json!({"transcript": everything(call), "confidence": 0.9, "words": words(false)});
            bytes(&json!({"results": [{"alternatives": [heard]}, {"alternatives": [{"words": words(true)}]}]}))
        },
    },
    Shape {
        name: "Google, second version",
        format: Format::GoogleSttJson,
        voices: FROM_ONE,
        times: WORDS,
        write: |call| {
            let results = entries(call, |_, _, said| {
                let word = |word: Spoken<'_>| {
                    json!({"startOffset": google_time(word.start_ms), "endOffset": google_time(word.end_ms),
                        "word": word.word, "speakerLabel": (said.who + 1).to_string()})
                };
                let words: Value = said.spoken().map(word).collect();
                json!({"alternatives": [{"transcript": said.text(), "words": words}], "languageCode": "en-us"})
            });
            bytes(&json!({"results": results}))
        },
    },
];

const TICKS_PER_MS: i64 = 10_000;
const ROLES: [&str; 3] = ["AGENT", "CUSTOMER", "SUPERVISOR"];

fn everything(call: &Call) -> String {
    call.said.iter().map(Said::text).collect::<Vec<_>>().join(" ")
}

fn diarized(who: usize) -> String {
    format!("SPEAKER_0{who}")
}

fn aws_voice(who: usize) -> String {
    format!("spk_{who}")
}

fn letter(said: &Said) -> &'static str {
    ["A", "B", "C"][said.who]
}

/// Each word with its times in seconds.
fn words(said: &Said, entry: impl Fn(&str, f64, f64) -> Value) -> Value {
    said.spoken().map(|word| entry(word.word, seconds(word.start_ms), seconds(word.end_ms))).collect()
}

fn deepgram_words(said: &Said) -> Vec<Value> {
    let word = |word: Spoken<'_>| {
        json!({"word": word.word.trim_end_matches([',', '.', '?', '!']), "punctuated_word": word.word,
            "start": seconds(word.start_ms), "end": seconds(word.end_ms), "speaker": said.who, "confidence": 0.9})
    };
    said.spoken().map(word).collect()
}

fn assembly_words(said: &Said) -> Vec<Value> {
    let word = |word: Spoken<'_>| json!({"text": word.word, "start": word.start_ms, "end": word.end_ms, "speaker": letter(said)});
    said.spoken().map(word).collect()
}

/// Punctuation is an item without a time, behind its word.
fn aws(call: &Call, segments: &Value) -> Value {
    let items = call.said.iter().flat_map(|said| {
        said.spoken().flat_map(move |spoken| {
            let bare = spoken.word.trim_end_matches([',', '.', '?', '!']);
            let mark = &spoken.word[bare.len()..];
            let speaker = aws_voice(said.who);
            let word = json!({"start_time": text(spoken.start_ms), "end_time": text(spoken.end_ms),
                "alternatives": [{"confidence": "0.9", "content": bare}], "type": "pronunciation", "speaker_label": speaker});
            let mark = (!mark.is_empty()).then(|| {
                json!({"alternatives": [{"confidence": "0.0", "content": mark}], "type": "punctuation", "speaker_label": speaker})
            });
            std::iter::once(word).chain(mark)
        })
    });
    let mut results = json!({"transcripts": [{"transcript": everything(call)}], "items": items.collect::<Value>()});
    if !segments.is_null() {
        results["audio_segments"] = segments.clone();
    }
    json!({"jobName": "a", "accountId": "1", "status": "COMPLETED", "results": results})
}

fn text(ms: i64) -> String {
    seconds(ms).to_string()
}

fn google_time(ms: i64) -> String {
    format!("{}s", seconds(ms))
}
