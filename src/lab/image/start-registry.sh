#!/bin/sh
# A registry with a password behind a TLS front that can be told to fail. The CA is made here, once.
set -eu
mkdir -p /var/lib/registry /lab/tls
cd /lab/tls
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=lab-ca -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=registry.lab -keyout tls.key -out tls.csr 2>/dev/null
printf 'subjectAltName=DNS:registry.lab,DNS:mirror.lab\n' >tls.ext
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 10 -extfile tls.ext -out tls.crt 2>/dev/null
htpasswd -Bbn "$REGISTRY_USERNAME" "$REGISTRY_PASSWORD" >/lab/htpasswd
cat >/lab/registry.yml <<'YML'
version: 0.1
storage: { filesystem: { rootdirectory: /var/lib/registry }, delete: { enabled: true } }
http: { addr: 127.0.0.1:5001, secret: lab, relativeurls: true }
auth: { htpasswd: { realm: lab, path: /lab/htpasswd } }
YML
setsid docker-registry serve /lab/registry.yml >/var/log/registry.log 2>&1 </dev/null &
setsid node /lab/registry-front.mjs >/var/log/registry-front.log 2>&1 </dev/null &
touch /lab/tls/ready
