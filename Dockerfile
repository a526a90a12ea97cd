# One image for every daemon and the market page; docker-compose.yml says which of them runs.
ARG BASE=node:24-bookworm-slim
FROM ${BASE}
WORKDIR /hamster
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile \
  && npx -y pnpm@12 --filter @hamster/dapp build \
  && mkdir -p /var/lib/hamster
VOLUME /var/lib/hamster
ENTRYPOINT ["node"]
