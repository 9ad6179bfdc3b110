# shellcheck shell=bash
# The server of the benchmark: nginx with one worker, a configuration of its own, on a free loopback port. Sourced by scripts/bench.sh.
# shellcheck disable=SC2034,SC2154 # accepts is read, scratch and server_core are set, by bench.sh

# Starts it and sets `port` and `server_pid`.
start_nginx() {
    local try
    mkdir "$scratch/nginx"
    for try in 1 2 3 4 5; do
        # nginx can't be told to let the system choose. Between the choice and its bind somebody else may take the port.
        port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:0")->sockport')
        nginx_configuration >"$scratch/nginx/nginx.conf"
        taskset -c "$server_core" nginx -e error.log -p "$scratch/nginx/" -c nginx.conf 2>"$scratch/nginx/stderr" &
        server_pid=$!
        until answers_status || ! kill -0 "$server_pid" 2>/dev/null; do sleep 0.1; done
        if kill -0 "$server_pid" 2>/dev/null; then return; fi
    done
    cat "$scratch/nginx/stderr" >&2
    fail "nginx did not start in $try tries"
}

nginx_configuration() {
    local folder
    cat <<TEXT
daemon off;
worker_processes 1;
pid nginx.pid;
events { worker_connections 30000; }
http {
    access_log off;
    keepalive_timeout 1h;
    keepalive_requests 1000000000;
    default_type text/plain;
TEXT
    for folder in client_body proxy fastcgi uwsgi scgi; do echo "    ${folder}_temp_path $folder;"; done
    cat <<TEXT
    server {
        listen 127.0.0.1:$port backlog=65535;
        location / { return 200 "hello"; }
        location = /status { stub_status; }
    }
}
TEXT
}

# Sets `accepts` and `requests` to nginx's own counts; this question is one of each.
ask_status() {
    local http line
    { exec {http}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
    printf 'GET /status HTTP/1.0\r\n\r\n' >&"$http" || return 1
    while read -r -t 10 -u "$http" line; do
        if [[ $line =~ ^([0-9]+)\ [0-9]+\ ([0-9]+) ]]; then accepts=${BASH_REMATCH[1]} requests=${BASH_REMATCH[2]}; fi
    done
    exec {http}>&-
}
answers_status() { ask_status && [ -n "$requests" ]; }
