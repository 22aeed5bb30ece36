# The image brings its own Node; nothing is compiled and nothing but the npm registry is asked.
FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production OPERARY_HOST=0.0.0.0 OPERARY_PORT=8787 OPERARY_DATA=/data
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json ./
COPY shared ./shared
COPY server ./server
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.OPERARY_PORT||8787)+'/healthz').then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Node as process 1 gets SIGTERM itself and stops in order.
CMD ["node", "server/launch.mjs", "serve"]
