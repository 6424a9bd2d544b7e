/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks the certificate of each server with what is trusted at that moment, and that the
 * connection speaks the protocol that is asked for at least: gRPC has no other way to
 * limit it. The host name is checked by the trust manager behind this one, which sees the
 * connection too. Thread-safe.
 */
final class ServerTrust extends X509ExtendedTrustManager {

	private final TlsMaterial<X509ExtendedTrustManager> material;

	private final TlsProtocol minimum;

	ServerTrust(TlsMaterial<X509ExtendedTrustManager> material, TlsProtocol minimum) {
		this.material = material;
		this.minimum = minimum;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		SSLSession session = engine.getHandshakeSession();
		String protocol = ((session != null) ? session : engine.getSession()).getProtocol();
		if (!this.minimum.permits(protocol)) {
			throw new CertificateException("the server speaks " + protocol + " (expected: " + this.minimum
					+ " or newer, the minimum protocol of this client)");
		}
		this.material.current().checkServerTrusted(chain, authType, engine);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		throw withoutConnection();
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw withoutConnection();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		throw withoutConnection();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		throw withoutConnection();
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		throw withoutConnection();
	}

	/** Trust without a look at the host name would be none. */
	private static CertificateException withoutConnection() {
		return new CertificateException("only a server's certificate, on its connection, can be checked");
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.material.current().getAcceptedIssuers();
	}

}
