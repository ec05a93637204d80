# Actapub as a small image: one binary, no shell needed, no root.
#
#   docker build --tag actapub .
#   docker run --publish 8080:8080 --volume actapub:/data --env ACTAPUB_URL=https://social.city.gov actapub
#
# docs/OPERATIONS.md has the rest.

FROM docker.io/library/rust:1-bookworm AS build
WORKDIR /build
# TLS to PostgreSQL builds OpenSSL; leave it out with --build-arg FEATURES=.
ARG FEATURES=postgres-tls
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --features "$FEATURES" \
    && cp target/release/actapub /actapub \
    && install --directory --owner=10001 --group=10001 /empty

# libc and libgcc are all that the binary asks of its system.
FROM gcr.io/distroless/cc-debian12
COPY --from=build /actapub /usr/bin/actapub
COPY --from=build /build/LICENSE /usr/share/doc/actapub/LICENSE
# The volume belongs to the user who writes to it.
COPY --from=build --chown=10001:10001 /empty /data
ENV ACTAPUB_DATA=/data ACTAPUB_LISTEN=0.0.0.0:8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/usr/bin/actapub", "health"]
ENTRYPOINT ["/usr/bin/actapub"]
CMD ["serve"]
