//! What the records of the bench are put together from: chunks of the labelled training deals with their vectors, and questions.

use std::fs;
use std::path::{Path, PathBuf};

use baton::ask::Asker;
use baton::ask::runs::KeptClause;
use baton::chunk::{Budget, chunk_turns};
use baton::domain::transcript::Turn;
use baton::embed::Embedder as _;
use baton::embed::minilm::MiniLm;
use baton::eval::gold::{GOLD_FILE, Gold};
use baton::transcript::parse;

/// A stretch of a call.
pub(crate) struct Chunk {
    /// The words of each turn, and what each of its clauses is about.
    pub(crate) turns: Vec<(String, Vec<Vec<f32>>)>,
    /// The vector of all of them.
    pub(crate) vector: Vec<f32>,
}

/// Chunks and questions.
pub(crate) struct Pieces {
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) questions: Vec<String>,
    /// Every word of the chunks, as often as it stands there.
    pub(crate) words: Vec<String>,
}

impl Pieces {
    /// Those of `fixtures/bench/train`.
    pub(crate) async fn of_training_deals() -> anyhow::Result<Self> {
        let (embedder, asker) = (MiniLm::load()?, Asker::load()?);
        let mut pieces = Self { chunks: Vec::new(), questions: Vec::new(), words: Vec::new() };
        let mut deals: Vec<PathBuf> = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bench/train"))?;
        deals.retain(|path| path.is_dir());
        for deal in deals {
            let gold = Gold::read(&deal.join(GOLD_FILE))?;
            pieces.questions.extend(gold.questions.into_iter().map(|question| question.question));
            for file in files(&deal)?.into_iter().filter(|file| !file.to_string_lossy().contains("gold")) {
                pieces.cut(&file, &embedder, &asker).await?;
            }
        }
        // One deal's questions are not asked in a row.
        let every = 37;
        let count = pieces.questions.len();
        pieces.questions = (0..count).map(|at| pieces.questions[at * every % count].clone()).collect();
        pieces.questions.sort_unstable_by_key(|question| question.len() * 7919 % 1009);
        pieces.questions.dedup();
        Ok(pieces)
    }

    async fn cut(&mut self, file: &Path, embedder: &MiniLm, asker: &Asker) -> anyhow::Result<()> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let transcript = parse(&name, &fs::read(file)?)?;
        let chunks = chunk_turns(&transcript, Budget::default());
        let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
        let clauses: Vec<KeptClause> =
            asker.runs_of(&transcript).await?.into_iter().flat_map(|run| run.clauses).collect();
        for (chunk, vector) in chunks.iter().zip(embedder.embed(&texts).await?) {
            let held = transcript.turns.iter().filter(|turn| chunk.turns.contains(&turn.index));
            let about = |turn: &Turn| {
                let own = clauses.iter().filter(|clause| clause.turn == turn.index);
                own.filter_map(|clause| clause.vector.clone()).collect()
            };
            let turns: Vec<(String, Vec<Vec<f32>>)> = held.map(|turn| (turn.text.clone(), about(turn))).collect();
            self.words.extend(turns.iter().flat_map(|(turn, _)| turn.split_whitespace()).map(str::to_owned));
            self.chunks.push(Chunk { turns, vector });
        }
        Ok(())
    }
}

/// What a folder holds, by name.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
