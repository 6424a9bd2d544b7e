/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class SpringCloudEnvironmentRefresherTests {

	private final Map<String, Object> properties = new ConcurrentHashMap<>(
			Map.of("demo.text", "old", "demo.number", "1"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", this.properties)))
		.withConfiguration(AutoConfigurations.of(RefreshAutoConfiguration.class,
				ConfigurationPropertiesRebinderAutoConfiguration.class))
		.withUserConfiguration(Beans.class);

	@Test
	void bindsJavaBeanAnew() {
		this.runner.run((context) -> {
			this.properties.put("demo.text", "new");

			refresher(context).refresh(Set.of("demo.text"));

			assertThat(context.getBean(JavaBean.class).getText()).isEqualTo("new");
		});
	}

	@Test
	void makesBeansInRefreshScopeAnew() {
		this.runner.run((context) -> {
			assertThat(context.getBean(Scoped.class).text()).isEqualTo("old");
			this.properties.put("demo.text", "new");

			refresher(context).refresh(Set.of("demo.text"));

			assertThat(context.getBean(Scoped.class).text()).isEqualTo("new");
		});
	}

	@Test
	void leavesRecordAsItIsWithoutWarning(CapturedOutput output) {
		this.runner.run((context) -> {
			this.properties.put("demo.text", "new");

			refresher(context).refresh(Set.of("demo.text"));

			assertThat(context.getBean(Immutable.class).text()).isEqualTo("old");
			assertThat(output).doesNotContain("WARN");
		});
	}

	@Test
	void publishesEachEventOnceAndBindsEachBeanOnce() {
		this.runner.run((context) -> {
			Beans events = context.getBean(Beans.class);
			int bound = context.getBean(JavaBean.class).bound;

			refresher(context).refresh(Set.of("demo.text"));

			assertThat(events.seen).hasExactlyElementsOfTypes(EnvironmentChangeEvent.class,
					RefreshScopeRefreshedEvent.class);
			assertThat(((EnvironmentChangeEvent) events.seen.get(0)).getKeys()).containsExactly("demo.text");
			assertThat(context.getBean(JavaBean.class).bound).isEqualTo(bound + 1);
		});
	}

	@Test
	void failsWhenBeanDoesNotTakeTheValue() {
		this.runner.run((context) -> {
			this.properties.put("demo.number", "many");

			assertThatExceptionOfType(ConfigurationPropertiesBindException.class)
				.isThrownBy(() -> refresher(context).refresh(Set.of("demo.number")));
			assertThat(context.getBean(Beans.class).seen).isEmpty();
		});
	}

	@Test
	void failsWhenBeanInRefreshScopeDoesNotTakeTheValue() {
		this.runner.withUserConfiguration(ScopedNumber.class).run((context) -> {
			this.properties.put("demo.count", "many");

			assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> refresher(context).refresh(Set.of("demo.count")));

			this.properties.put("demo.count", "2");
			refresher(context).refresh(Set.of("demo.count"));
			assertThat(context.getBean("scopedNumber", Scoped.class).text()).isEqualTo("number 2");
		});
	}

	@Test
	void leavesLazyBeansInRefreshScopeUntilTheyAreUsed() {
		this.runner.withUserConfiguration(LazyScoped.class).run((context) -> {
			refresher(context).refresh(Set.of("demo.number"));

			assertThat(LazyScoped.made).hasValue(0);
		});
	}

	@Test
	void bindsAgainWhenValueIsGoodAfterFailure() {
		this.runner.run((context) -> {
			this.properties.put("demo.number", "many");
			assertThatExceptionOfType(ConfigurationPropertiesBindException.class)
				.isThrownBy(() -> refresher(context).refresh(Set.of("demo.number")));
			this.properties.put("demo.number", "3");

			refresher(context).refresh(Set.of("demo.number"));

			assertThat(context.getBean(JavaBean.class).getNumber()).isEqualTo(3);
		});
	}

	private static SpringCloudEnvironmentRefresher refresher(ConfigurableApplicationContext context) {
		return new SpringCloudEnvironmentRefresher(context, context.getBean(ConfigurationPropertiesRebinder.class),
				context.getBean(org.springframework.cloud.context.scope.refresh.RefreshScope.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedNumber {

		@Bean
		@RefreshScope
		Scoped scopedNumber(@Value("${demo.count:1}") int number) {
			return new Scoped("number " + number);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyScoped {

		private static final AtomicInteger made = new AtomicInteger();

		@Bean
		@Lazy
		@RefreshScope
		Scoped lazyScoped() {
			made.incrementAndGet();
			return new Scoped("lazy");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties({ JavaBean.class, Immutable.class })
	static class Beans {

		private final List<ApplicationEvent> seen = new ArrayList<>();

		@Bean
		@RefreshScope
		Scoped scoped(@Value("${demo.text}") String text) {
			return new Scoped(text);
		}

		@EventListener({ EnvironmentChangeEvent.class, RefreshScopeRefreshedEvent.class })
		void on(ApplicationEvent event) {
			this.seen.add(event);
		}

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
	static class JavaBean implements InitializingBean {

		private String text = "";

		private int number;

		private int bound;

		public String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

		@Override
		public void afterPropertiesSet() {
			this.bound++;
		}

		public int getNumber() {
			return this.number;
		}

		public void setNumber(int number) {
			this.number = number;
		}

	}

	@ConfigurationProperties("demo")
	record Immutable(String text) {

	}

}
