# The image of a release: the static binary, certificates for `plugins add`, and nothing else.
#
#     docker buildx build --build-context binaries=FOLDER --platform linux/amd64,linux/arm64 .
#
# FOLDER has amd64/spec-engine and arm64/spec-engine. `--target from-source` compiles it here instead.
FROM rust:1.95-alpine3.22 AS from-source-build
# hadolint ignore=DL3018
RUN apk add --no-cache ca-certificates musl-dev
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin spec-engine && mkdir /work /cache

FROM scratch AS from-source
COPY --from=from-source-build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=from-source-build --chown=65532:65532 /work /work
COPY --from=from-source-build --chown=65532:65532 /cache /cache
COPY --from=from-source-build /source/target/release/spec-engine /spec-engine
COPY LICENSE-MIT LICENSE-APACHE licences /licences/
ENV XDG_CACHE_HOME=/cache
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/spec-engine"]

FROM alpine:3.22 AS certificates
# hadolint ignore=DL3018
RUN apk add --no-cache ca-certificates && mkdir /work /cache

FROM scratch
ARG TARGETARCH
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=certificates --chown=65532:65532 /work /work
COPY --from=certificates --chown=65532:65532 /cache /cache
# `binaries` is the build context of the command above.
# hadolint ignore=DL3022
COPY --from=binaries --chmod=755 ${TARGETARCH}/spec-engine /spec-engine
COPY LICENSE-MIT LICENSE-APACHE licences /licences/
ENV XDG_CACHE_HOME=/cache
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/spec-engine"]
