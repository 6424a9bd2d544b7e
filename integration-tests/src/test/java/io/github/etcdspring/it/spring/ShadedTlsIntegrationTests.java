/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.client.TlsProtocol;
import io.github.etcdspring.it.core.ChildJvm;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.grpc.ManagedChannelProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * TLS in a JVM with grpc-netty-shaded, whose TLS is that of BoringSSL and not of the JDK:
 * the same is refused, and certificates are replaced as well.
 */
class ShadedTlsIntegrationTests {

	/** The build puts it there. */
	private static final Path SHADED_NETTY = Path.of("target/shaded-netty/grpc-netty-shaded.jar");

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.of(EtcdCluster.builder().mutualTls("root"));

	@TempDir
	private Path folder;

	@Test
	void checksServersAndShowsTheCertificateOfTheMoment(EtcdCluster cluster) throws IOException {
		cluster.etcdctl("user", "add", "root:secret");
		cluster.etcdctl("user", "grant-role", "root", "root");
		for (String user : List.of("ann", "bob")) {
			cluster.etcdctl("user", "add", user, "--no-password");
			cluster.etcdctl("role", "add", user);
			cluster.etcdctl("role", "grant-permission", user, "readwrite", user);
			cluster.etcdctl("user", "grant-role", user, user);
		}
		cluster.etcdctl("auth", "enable");
		CertificateFiles ann = cluster.certificateAuthority().client("ann");
		CertificateFiles bob = cluster.certificateAuthority().client("bob");
		Path certificate = Files.copy(ann.certificate(), this.folder.resolve("certificate.pem"));
		Path key = Files.copy(ann.key(), this.folder.resolve("key.pem"));
		List<String> arguments = Stream
			.of(cluster.member(0).clientPort(), cluster.certificateAuthority().certificate(), certificate, key,
					bob.certificate(), bob.key())
			.map(Object::toString)
			.toList();

		try (ChildJvm child = ChildJvm.start(Main.class, arguments, (jar) -> !jar.matches("(grpc-netty|netty)-.*"),
				SHADED_NETTY)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).as(child.output()).isZero();
			assertThat(child.output().lines())
				.contains("transport io.grpc.netty.shaded.io.grpc.netty." + "NettyChannelProvider",
						"ann: ann may, bob may not", "bob: ann may not, bob may")
				.anyMatch((line) -> line.startsWith("wrong name: ") && line.contains("other.example.org"))
				.anyMatch((line) -> line.startsWith("wrong authority: ") && line.contains("certification path"));
		}
	}

	static final class Main {

		private final String endpoint;

		private final List<Path> files;

		private Main(String endpoint, List<Path> files) {
			this.endpoint = endpoint;
			this.files = files;
		}

		public static void main(String[] arguments) throws IOException {
			System.out.println("transport " + ManagedChannelProvider.provider().getClass().getName());
			List<Path> files = Stream.of(arguments).skip(1).map(Path::of).toList();
			try (TcpProxy proxy = TcpProxy.to(Integer.parseInt(arguments[0]))) {
				Main main = new Main(proxy.endpoint().replace("http:", "https:"), files);
				main.refuse("wrong name", main.tls().serverName("other.example.org"));
				main.refuse("wrong authority", main.tls().trustCertificates(main.file(1)));
				main.replaceCertificate(proxy);
			}
		}

		private Path file(int index) {
			return this.files.get(index);
		}

		private TlsOptions.Builder tls() {
			return TlsOptions.builder()
				.trustCertificates(file(0))
				.clientCertificate(file(1), file(2))
				.minimumProtocol(TlsProtocol.TLS_1_3);
		}

		private EtcdClient connect(TlsOptions.Builder tls, Duration timeout) {
			return EtcdClient.create(
					EtcdClientOptions.builder(List.of(this.endpoint)).tls(tls.build()).requestTimeout(timeout).build());
		}

		private void refuse(String what, TlsOptions.Builder tls) {
			try (EtcdClient client = connect(tls, Duration.ofSeconds(2))) {
				System.out.println(what + ": served " + client.kv().get("ann"));
			}
			catch (EtcdException ex) {
				System.out.println(what + ": " + ex.getMessage());
			}
		}

		private void replaceCertificate(TcpProxy proxy) throws IOException {
			try (EtcdClient client = connect(tls(), Duration.ofSeconds(10))) {
				System.out.println("ann: " + permissions(client));
				Files.copy(file(3), file(1), StandardCopyOption.REPLACE_EXISTING);
				Files.copy(file(4), file(2), StandardCopyOption.REPLACE_EXISTING);
				proxy.cut();
				proxy.restore();
				System.out.println("bob: " + permissions(client));
			}
		}

		private static String permissions(EtcdClient client) {
			return "ann " + permission(client, "ann") + ", bob " + permission(client, "bob");
		}

		private static String permission(EtcdClient client, String key) {
			try {
				client.kv().get(key);
				return "may";
			}
			catch (EtcdException ex) {
				return "may not";
			}
		}

	}

}
