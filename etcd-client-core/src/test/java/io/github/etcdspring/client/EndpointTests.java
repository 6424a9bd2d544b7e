/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link Endpoint}.
 */
class EndpointTests {

	@ParameterizedTest
	@CsvSource({ "http://host:2379,http://host:2379,host:2379", "https://host:2379,https://host:2379,host:2379",
			"host:2379,http://host:2379,host:2379", "HTTP://host:2379,http://host:2379,host:2379",
			"http://host:2379/,http://host:2379,host:2379", "' http://host:2379 ',http://host:2379,host:2379",
			"127.0.0.1:1,http://127.0.0.1:1,127.0.0.1:1", "http://host:65535,http://host:65535,host:65535",
			"http://[::1]:2379,http://[::1]:2379,[::1]:2379",
			"[2001:db8::1]:2379,http://[2001:db8::1]:2379,[2001:db8::1]:2379",
			"http://my_etcd:2379,http://my_etcd:2379,my_etcd:2379",
			"_my_etcd_0.some_net:1,http://_my_etcd_0.some_net:1,_my_etcd_0.some_net:1",
			"etcd-0.etcd.svc.cluster.local:2379,http://etcd-0.etcd.svc.cluster.local:2379,etcd-0.etcd.svc.cluster.local:2379" })
	void acceptsWhatNamesAMember(String text, String expected, String authority) {
		Endpoint endpoint = Endpoint.parse(text);

		assertThat(endpoint).hasToString(expected);
		assertThat(endpoint.authority()).isEqualTo(authority);
	}

	@Test
	void holdsAnIpv6AddressWithoutBrackets() {
		assertThat(Endpoint.parse("https://[::1]:2379")).isEqualTo(new TcpEndpoint(true, "::1", 2379));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "unix:etcd.sock | unix:etcd.sock | etcd.sock | etcd.sock",
					"unix:run/etcd.sock       | unix:run/etcd.sock       | run/etcd.sock  | etcd.sock",
					"unix:localhost:2379      | unix:localhost:2379      | localhost:2379 | localhost:2379",
					"unix://localhost:2379    | unix:localhost:2379      | localhost:2379 | localhost:2379",
					"unix://run/etcd.sock     | unix:run/etcd.sock       | run/etcd.sock  | etcd.sock",
					"unix:/run/etcd.sock      | unix:///run/etcd.sock    | /run/etcd.sock | etcd.sock",
					"unix:///run/etcd.sock    | unix:///run/etcd.sock    | /run/etcd.sock | etcd.sock",
					"unix:///run/etcd.sock:0  | unix:///run/etcd.sock:0  | /run/etcd.sock:0 | etcd.sock:0",
					"unix:///a b/@/etcd.sock  | unix:///a b/@/etcd.sock  | /a b/@/etcd.sock | etcd.sock",
					"UNIX:///run/ETCD.sock    | unix:///run/ETCD.sock    | /run/ETCD.sock | ETCD.sock",
					"unixs:localhost:2379     | unixs:localhost:2379     | localhost:2379 | localhost:2379",
					"unixs://localhost:2379   | unixs:localhost:2379     | localhost:2379 | localhost:2379",
					"unixs:/run/etcd_1.sock   | unixs:///run/etcd_1.sock | /run/etcd_1.sock | etcd_1.sock",
					"UnixS:///run/etcd.sock   | unixs:///run/etcd.sock   | /run/etcd.sock | etcd.sock" })
	void acceptsUnixSocket(String text, String expected, String path, String authority) {
		Endpoint endpoint = Endpoint.parse(text);

		assertThat(endpoint).isEqualTo(new UnixEndpoint(expected.startsWith("unixs"), path)).hasToString(expected);
		assertThat(endpoint.authority()).isEqualTo(authority);
		assertThat(Endpoint.parse(expected)).isEqualTo(endpoint);
	}

	@ParameterizedTest
	@CsvSource({ "http://host:1,false", "https://localhost:1,true", "host:1,false", "unix:socket,false",
			"unixs:socket,true" })
	void speaksTlsWhenTheSchemeSaysSo(String text, boolean tls) {
		assertThat(Endpoint.parse(text).tls()).isEqualTo(tls);
	}

	@ParameterizedTest
	@CsvSource({ "http://localhost:1,true", "127.0.0.2:1,true", "[::1]:1,true", "unix:socket,true",
			"unixs:/socket,true", "http://etcd:1,false", "10.0.0.1:1,false", "https://[2001:db8::1]:1,false" })
	void knowsWhatStaysOnThisMachine(String text, boolean local) {
		assertThat(Endpoint.parse(text).isLocal()).isEqualTo(local);
	}

	@Test
	void acceptsSocketWithTheLongestPathOnly() {
		String longest = "/" + "a".repeat(106);

		assertThat(Endpoint.parse("unix://" + longest)).isEqualTo(new UnixEndpoint(false, longest));
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> Endpoint.parse("unix://" + longest + "a"))
			.withMessageContaining("its path is longer than the 107 bytes a unix socket may have");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"http://host         | it has no valid port; etcd's client port is usually 2379",
			"host                | it has no valid port; etcd's client port is usually 2379",
			"http://host:0       | it has no valid port; etcd's client port is usually 2379",
			"http://host:65536   | it has no valid port; etcd's client port is usually 2379",
			"http://host:2379/v3 | it has a path, a query or a fragment",
			"http://host:2379?a  | it has a path, a query or a fragment",
			"http://host:2379#a  | it has a path, a query or a fragment", "ftp://host:2379     | its scheme is 'ftp'",
			"http://:2379        | it has no valid host", "unix:               | its path names no socket",
			"unixs://            | its path names no socket", "unix:///            | its path names no socket",
			"unix:///run/etcd/   | its path names no socket",
			"unix:///run/a b     | its file name can be no server name; letters, digits and ._~:- can",
			"unix:a%b            | its file name can be no server name; letters, digits and ._~:- can",
			"unixt:socket        | it has no valid host", "http://a.b_..c:2379  | it has no valid host",
			"http://1.2.3_4:2379 | it has no valid host", "http://a_b:c_d:2379  | it has no valid host",
			"my_etcd             | it has no valid port; etcd's client port is usually 2379",
			"my_etcd:            | it has no valid port; etcd's client port is usually 2379",
			"http://my_etcd:0    | it has no valid port; etcd's client port is usually 2379",
			"my_etcd:65536       | it has no valid port; etcd's client port is usually 2379",
			"my_etcd:2379/v_3    | it has a path, a query or a fragment",
			"https://my_etcd:2379 | its host name has an underscore, which no TLS certificate can be checked for",
			"http://ho st:2379   | it is not a URI", "http://[::1:2379    | it is not a URI",
			"http://              | it is not a URI", "''                  | it is not a URI" })
	void refusesWhatDoesNot(String text, String reason) {
		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(() -> Endpoint.parse(text))
			.withMessage("invalid endpoint '" + text + "': " + reason
					+ " (expected: http://host:port, https://host:port, host:port, unix:path or unixs:path)")
			.satisfies((ex) -> assertThat(ex.endpoint()).isEqualTo(text))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	@ParameterizedTest
	@CsvSource({ "http://user:secret@host:2379,http://***@host:2379", "user:secret@host:2379,***@host:2379",
			"http://user:se@cret@host:2379,http://***@host:2379", "http://user:se cret@host:2379,http://***@host:2379",
			"ftp://user:secret@host:2379,ftp://***@host:2379", "http://user:secret@host,http://***@host",
			"http://user:secret@,http://***@", "http://us_er:secret@my_etcd:2379,http://***@my_etcd:2379",
			"unix:user:secret@socket,***@socket" })
	void hidesThePasswordWhenItRefusesAnEndpointThatHoldsOne(String text, String masked) {
		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(() -> Endpoint.parse(text))
			.withMessageStartingWith("invalid endpoint '" + masked + "': ")
			.withMessageNotContainingAny("secret", "cret", "user:")
			.satisfies((ex) -> assertThat(ex.endpoint()).isEqualTo(masked));
	}

	@Test
	void refusesAnEmptyList() {
		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(() -> Endpoint.parseAll(List.of()))
			.withMessageStartingWith("invalid endpoint '': there is none");
	}

	@Test
	void refusesPlaintextAndTlsInOneList() {
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> Endpoint.parseAll(List.of("a:1", "http://b:1", "https://c:1")))
			.withMessageStartingWith("invalid endpoint 'https://c:1': it mixes plaintext and TLS with 'a:1'");
	}

	@Test
	void refusesUnixSocketsAndTcpInOneList() {
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> Endpoint.parseAll(List.of("a:1", "unix:socket")))
			.withMessageStartingWith("invalid endpoint 'unix:socket': it mixes unix sockets and TCP with 'a:1'; "
					+ "all endpoints must use one of them, since one transport serves them all");
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> Endpoint.parseAll(List.of("unix:socket", "unixs:socket")))
			.withMessageStartingWith("invalid endpoint 'unixs:socket': it mixes plaintext and TLS with 'unix:socket'");
	}

	@Test
	void keepsTheOrderOfTheList() {
		assertThat(Endpoint.parseAll(List.of("b:1", "a:2"))).containsExactly(new TcpEndpoint(false, "b", 1),
				new TcpEndpoint(false, "a", 2));
		assertThat(Endpoint.parseAll(List.of("unix:b", "unix:/a"))).containsExactly(new UnixEndpoint(false, "b"),
				new UnixEndpoint(false, "/a"));
	}

}
