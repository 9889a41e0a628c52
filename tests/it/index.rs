//! The vector index: one contract, kept by Qdrant Edge and by a Qdrant server.

mod contract;
mod edge;
mod server;
mod stores;

/// Every promise of the contract as a test of its own, on one kind of store.
macro_rules! keeps_the_contract {
    ($store:ty: $($promise:ident)*) => {$(
        #[tokio::test]
        async fn $promise() {
            crate::index::stores::run::<$store>(crate::index::contract::$promise).await;
        }
    )*};
}

macro_rules! stores_that_keep_the_contract {
    ($($name:ident: $store:ty;)*) => {$(
        mod $name {
            keeps_the_contract! { $store:
                a_stored_chunk_is_found_with_its_turns
                the_same_id_twice_is_one_chunk
                a_rare_keyword_wins_over_nearer_vectors
                a_paraphrase_is_found_by_its_vector
                a_chunk_that_both_rankings_like_beats_the_best_of_either
                no_search_reaches_beyond_its_tenant_account_or_deal
                count_is_told_within_reach
                delete_source_takes_one_source_of_one_tenant
                an_empty_index_answers
                limits_are_kept
                equal_scores_come_in_the_order_of_the_record
                any_script_is_found_by_its_words
                a_text_of_stop_words_is_found_by_its_vector
                a_vector_of_the_wrong_kind_is_refused_and_nothing_is_stored
                optimize_changes_no_answer
                opening_again_keeps_everything
                another_model_is_refused_with_the_way_out
                recreate_forgets_everything_and_takes_another_model
                two_thousand_chunks_are_each_found
            }
        }
    )*};
}

stores_that_keep_the_contract! {
    qdrant_edge: crate::index::stores::EdgeStore;
    fake_server: crate::index::stores::FakeStore;
    real_server: crate::index::stores::RealStore;
}
