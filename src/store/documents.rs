//! Documents of final versions that are kept as they were when the version became final.

use super::{Conn, StoreError, from_word, to_word};
use crate::documents::{Document, DocumentKind, Sight};
use crate::domain::ids::VersionId;

const fn sight_word(sight: Sight) -> &'static str {
    match sight {
        Sight::WithSensitive => "with_sensitive",
        Sight::WithoutSensitive => "without_sensitive",
    }
}

/// Keeps a document of a version.
pub async fn insert(conn: &mut Conn, version: &VersionId, sight: Sight, document: &Document) -> Result<(), StoreError> {
    sqlx::query(
        "insert into version_documents (version_id, kind, sight, title, media_type, text)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(version.as_str())
    .bind(to_word(&document.kind)?)
    .bind(sight_word(sight))
    .bind(&document.title)
    .bind(document.media_type)
    .bind(&document.text)
    .execute(conn)
    .await?;
    Ok(())
}

/// A document of a version as it was kept; none where it was not.
pub async fn find(
    conn: &mut Conn,
    version: &VersionId,
    sight: Sight,
    kind: DocumentKind,
) -> Result<Option<Document>, StoreError> {
    let row: Option<(String, String, String)> = sqlx::query_as(
        "select kind, title, text from version_documents where version_id = $1 and sight = $2 and kind = $3",
    )
    .bind(version.as_str())
    .bind(sight_word(sight))
    .bind(kind.as_str())
    .fetch_optional(conn)
    .await?;
    let document = |(kind, title, text): (String, String, String)| {
        let kind: DocumentKind = from_word("version_documents", "kind", &kind)?;
        Ok(Document { kind, title, media_type: kind.media_type(), text })
    };
    row.map(document).transpose()
}
