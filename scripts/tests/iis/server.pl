#!/usr/bin/perl
# usage: server.pl SERVER-HEADER DLL-NAME=VARIANT...
# Answers like an IIS with the package: the Server header (none when empty), and per path
# X-Repro-Variant; other paths are 404, and VARIANT 503:N is a 503 for the first N requests of any
# path. VARIANT,reset resets every second request of that path, the first two aside, by which it is
# asked what it is. Prints "listening on ADDRESS:PORT" once it is bound, listens when it reads a
# line, and stops when its stdin closes.
use strict;
use warnings;
use Socket;
$| = 1;

my ($server, @answers) = @ARGV;
my %variant = map { split /=/, $_, 2 } @answers;
my $unavailable = delete $variant{503} // 0;
my %asked;

socket(my $listener, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
bind($listener, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
my ($port) = unpack_sockaddr_in(getsockname($listener));
print "listening on 127.0.0.1:$port\n";
defined(<STDIN>) or exit 0;
listen($listener, 128) or die "listen: $!";

for (;;) {
    my $readable = '';
    vec($readable, fileno($_), 1) = 1 for ($listener, *STDIN);
    select($readable, undef, undef, undef);
    exit 0 if vec($readable, fileno(STDIN), 1);
    accept(my $client, $listener) or next;
    my $request = '';
    while ($request !~ /\r\n\r\n/) { sysread($client, $request, 4096, length $request) or last; }
    my ($name) = $request =~ m{^GET /repro/([a-z-]+)\.dll} or next;
    my ($variant, $fault) = split /,/, $variant{$name} // '';
    if ($fault && ++$asked{$name} > 2 && $asked{$name} % 2 == 0) {
        setsockopt($client, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
        next;
    }
    my $status = $unavailable-- > 0 ? '503 Service Unavailable' : $variant ? '200 OK' : '404 Not Found';
    my $head = "HTTP/1.1 $status\r\nContent-Length: 3\r\nConnection: close\r\n";
    $head .= "Server: $server\r\n" if $server;
    $head .= "X-Repro-Variant: $variant\r\n" if $variant;
    syswrite($client, "$head\r\nok\n");
}
