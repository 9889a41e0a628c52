//! The calls that Baton never makes.

/// Answers each `call: Request => Reply` with "unimplemented". The signature is the one that `async_trait` gives a method;
/// that attribute does not see into macros.
macro_rules! refuse {
    ($($call:ident: $request:ident => $reply:ident;)*) => {$(
        fn $call<'call, 'reply>(
            &'call self,
            _: tonic::Request<qdrant_client::qdrant::$request>,
        ) -> std::pin::Pin<
            Box<dyn Future<Output = Result<tonic::Response<qdrant_client::qdrant::$reply>, tonic::Status>> + Send + 'reply>,
        >
        where
            'call: 'reply,
            Self: 'reply,
        {
            Box::pin(std::future::ready(Err(tonic::Status::unimplemented(stringify!($call)))))
        }
    )*};
}

pub(super) use refuse;
