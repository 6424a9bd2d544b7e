/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The ways in which beans come to configuration: all of {@code demo.text} and
 * {@code demo.number}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ Settings.JavaBean.class, Settings.Immutable.class })
class Settings {

	@Value("${demo.text:default}")
	private String text = "";

	String text() {
		return this.text;
	}

	@Bean
	@RefreshScope
	Scoped scoped(@Value("${demo.text:default}") String text) {
		return new Scoped(text);
	}

	static class Scoped {

		private final String text;

		Scoped() {
			this("");
		}

		Scoped(String text) {
			this.text = text;
		}

		String text() {
			return this.text;
		}

	}

	@ConfigurationProperties("demo")
	static class JavaBean {

		private String text = "default";

		private int number = -1;

		public String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

		public int getNumber() {
			return this.number;
		}

		public void setNumber(int number) {
			this.number = number;
		}

	}

	@ConfigurationProperties("demo")
	record Immutable(@DefaultValue("default") String text, @DefaultValue("-1") int number) {

	}

}
