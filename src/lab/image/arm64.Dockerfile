# A root file system with arm64's Node, for the second platform of node:20-slim. Built without emulation: nothing
# in it is run here.
FROM debian:trixie-slim
RUN dpkg --add-architecture arm64 && apt-get update \
 && apt-get install -y --download-only --no-install-recommends nodejs:arm64 \
 && mkdir -p /arm64/usr/lib && ln -s usr/lib /arm64/lib \
 && for package in /var/cache/apt/archives/*_arm64.deb; do dpkg-deb --extract "$package" /arm64; done \
 && rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/*
