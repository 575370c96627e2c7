# The image contains only a static binary and CA certificates. Two builds of one revision have the same content:
#
#   docker buildx build --platform linux/amd64,linux/arm64 --build-arg SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" \
#     --output type=image,name=fathom-to-loom,rewrite-timestamp=true .
FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
RUN apk add --no-cache ca-certificates
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS=linux
ARG TARGETARCH
ARG SOURCE_DATE_EPOCH=0
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} go build -trimpath -buildvcs=false \
      -ldflags "-s -w -buildid= -X github.com/fathom-to-loom/fathom-to-loom/app.Version=${VERSION}" \
      -o /out/fathom-to-loom . \
 && mkdir -p /out/app/pb_data /out/app/user_dbs /out/app/logs /out/tmp \
 && chmod 1777 /out/tmp && chmod 700 /out/app/pb_data /out/app/user_dbs /out/app/logs \
 && find /out -exec touch -d "@${SOURCE_DATE_EPOCH}" {} +

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=10001:10001 /out/app /app
COPY --from=build /out/tmp /tmp
COPY --from=build /out/fathom-to-loom /usr/local/bin/fathom-to-loom
WORKDIR /app
USER 10001:10001
ENV BIND_ADDRESS=0.0.0.0 PB_GLOBAL_PORT=8090 DATA_DIR=/app/pb_data USER_DBS_DIR=/app/user_dbs
VOLUME ["/app/pb_data", "/app/user_dbs", "/app/logs"]
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=6 CMD ["/usr/local/bin/fathom-to-loom", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/fathom-to-loom"]
CMD ["serve"]
