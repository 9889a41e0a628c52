//! The record for assistants: what the tools tell of a sample deal, over both transports, to whom, and what hostile words can
//! do in it.

mod bridge;
mod door;
mod hostile;
mod rights;
mod sample;

use baton::app::App;

/// Has it that customer success asked after the sale what the first turn of a source says, although its last turn had answered
/// that: so many times.
async fn asked_again(app: &App, deal: &str, source: &str, times: i64) {
    let mut tx = app.store.write().await.unwrap();
    sqlx::query(
        "insert into post_sale_readings (deal_id, tenant_id, sources, questions, repeated, read_at)
         values ($1, $2, 1, $3, $3, 0)",
    )
    .bind(deal)
    .bind(app.home.as_str())
    .bind(times)
    .execute(&mut *tx)
    .await
    .unwrap();
    for position in 0..times {
        for part in ["question", "answer"] {
            sqlx::query(
                "insert into repeats (deal_id, tenant_id, position, part, source_id, turn_index, char_start, char_end, quote)
                 select $1, $2, $3, $4, source_id, turn_index, 0, length(text), text from turns
                 where source_id = $5 and turn_index = (select case $4 when 'question' then min(turn_index)
                 else max(turn_index) end from turns where source_id = $5)",
            )
            .bind(deal)
            .bind(app.home.as_str())
            .bind(position)
            .bind(part)
            .bind(source)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
    }
    tx.commit().await.unwrap();
}
