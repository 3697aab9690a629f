"""The one address before several gateways: nginx, as an operator would set it up."""

import socket

from tests.stack.server import Server

# nginx asks the next gateway when one refuses the connection or breaks it off; a POST or PATCH only when nothing of it was
# sent, which is nginx's own rule. None is taken for dead after that: two that start anew one after the other would both be.
# No connection to a gateway is used twice: one that the gateway ends at this moment could take a request with it. Streams of
# events are not kept back: the gateway says so in X-Accel-Buffering.
CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log stderr error;
worker_rlimit_nofile 65536;
events {{ worker_connections 30000; }}
http {{
  access_log off;
  server_tokens off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  client_max_body_size 16m;
  upstream gateways {{
{gateways}
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    keepalive_timeout 75s;
    location / {{
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_next_upstream error timeout;
      proxy_next_upstream_tries 2;
      proxy_connect_timeout 2s;
      proxy_read_timeout 75s;
    }}
  }}
}}
"""


class Front(Server):
    name = "nginx"

    def __init__(self, directory, gateways=(), port=None):
        super().__init__(directory)
        self.gateways = gateways
        self.chosen_port = port

    def address(self):
        return f"http://127.0.0.1:{self.chosen_port or self.port()}"

    def command(self):
        configuration = self.directory / "nginx.conf"
        gateways = "\n".join(f"    server {each} max_fails=0;" for each in self.gateways)
        configuration.write_text(CONFIGURATION.format(directory=self.directory, gateways=gateways,
                                                      port=self.chosen_port or self.port()), encoding="utf-8")
        return ["nginx", "-p", str(self.directory), "-c", str(configuration), "-e", "stderr"]

    def healthy(self):
        with socket.create_connection(("127.0.0.1", self.chosen_port or self.port()), timeout=2):
            return True
