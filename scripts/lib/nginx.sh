# shellcheck shell=bash disable=SC2034
# nginx with one worker and a configuration of its own, on a free loopback port. To be sourced,
# after lib/server.sh, whose kill_server ends it. Its files go to $scratch/nginx.

trap : PIPE # a question to an nginx that hangs up; what the script runs has the default again

# start_nginx COMMAND...: starts it, as COMMAND... nginx, and sets $port and $server_pid.
start_nginx() {
    local try
    mkdir "$scratch/nginx"
    for try in 1 2 3 4 5; do
        # nginx can't be told to let the system choose. Between the choice and its bind somebody
        # else may take the port.
        port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1:0")->sockport')
        nginx_configuration >"$scratch/nginx/nginx.conf"
        PATH=$PATH:/usr/sbin "$@" nginx -e error.log -p "$scratch/nginx/" -c nginx.conf 2>"$scratch/nginx/stderr" &
        server_pid=$!
        until answers_status || ! kill -0 "$server_pid" 2>/dev/null; do sleep 0.1; done
        if kill -0 "$server_pid" 2>/dev/null; then return; fi
    done
    cat "$scratch/nginx/stderr" >&2
    echo "nginx did not start in $try tries" >&2
    return 1
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

# Sets $nginx_accepts and $nginx_requests to nginx's own counts; this question is one of each.
ask_status() {
    local http line
    nginx_requests=''
    { exec {http}<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
    printf 'GET /status HTTP/1.0\r\n\r\n' >&"$http" || return 1
    while read -r -t 10 -u "$http" line; do
        if [[ $line =~ ^([0-9]+)\ [0-9]+\ ([0-9]+) ]]; then nginx_accepts=${BASH_REMATCH[1]} nginx_requests=${BASH_REMATCH[2]}; fi
    done
    exec {http}>&-
}
answers_status() { ask_status && [ -n "$nginx_requests" ]; }
