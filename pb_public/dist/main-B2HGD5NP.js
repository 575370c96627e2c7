import{$ as X,$b as oe,A as K,Ab as ee,B as F,Bb as Ve,Ca as Fe,Cb as te,D as $e,Da as Be,Db as W,E as Q,F as M,Fb as j,Hb as E,Ib as re,Mb as Ye,N as fe,Na as Pe,Nb as Ge,Oa as D,Pa as Le,Pb as Je,Q as $,Qb as Ke,R as w,Ra as Re,U as de,V as I,W as pe,X as he,Xb as P,Y as ge,Yb as C,Z as ve,Zb as H,_ as ye,aa as B,ab as Z,ac as Qe,b as ae,ba as g,bb as qe,bc as Xe,c as d,cc as z,d as v,dc as Ze,e as se,ea as be,f as _,fb as N,gb as Me,ha as U,hb as Ie,hc as L,ia as ke,ib as Ee,ic as et,j as Y,ja as Se,jb as _e,jc as R,kb as Oe,kc as q,l as le,la as Te,lb as Ue,m as r,mb as De,n as l,nc as tt,o as G,pb as Ne,qb as We,rb as je,sa as b,sb as He,t as O,u as ce,ua as we,v as me,va as Ce,vb as p,w as y,wb as ze,x as J,ya as xe,z as ue,za as Ae}from"./chunk-NHYRLTO2.js";function rt({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let o=e.yourTurn.length;return r`
		<a href=${y("/upload")} aria-current=${t}>To upload${o>0&&r`${" "}<span class="count">${o}<span class="hidden"> waiting</span></span>`}</a>`}function ot(e){let t=Y(null),o=Y(!1),n=null,i=()=>{o.value=!1,n??=e().then(c=>{t.value=c},()=>{n=null,o.value=!0})};return{Later:({name:c,...s})=>t.value?r`<${t.value[c]} ...${s} />`:o.value?r`
				<div class="page narrow">
					<${$}>This page could not be loaded. <${l} kind="link" onClick=${()=>location.reload()}>Reload</${l}></${$}>
				</div>`:(queueMicrotask(i),r`<div class="page"><${w} label="Loading" /></div>`),preload:i}}var nt=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${l} kind="quiet" onClick=${()=>location.reload()}>Reload page</${l}>
		</section>
	</div>`;var it=()=>r`
	<div class="foot">
		<div role="status"><${Ct} /></div>
		<div role="status">${I.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${xt(I.lostAt.value)}</p>`}</div>
	</div>`;function Ct(){let e=he.value;if(!e)return null;let t=()=>ve().catch(o=>ge(B(o)));return r`<p class="toast">${e.text}${e.undo&&r` <${l} kind="link" onClick=${t}>Undo</${l}>`}</p>`}var xt=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${U(new Date(e).toISOString())}.`;function at({notice:e}){let[t,o]=d(F.value.page==="sign-up"),[n,i]=d(!1),[a,c]=d([]);v(()=>{qe().then(()=>i(!0)),de.collection("users").listAuthMethods().then(k=>c(k.oauth2.enabled?k.oauth2.providers:[]),()=>{})},[]);let s=p(je),m=Fe.value!==null;v(()=>{m&&s.run()},[]);let u=Ee.value,f=_(!1);v(()=>{f.current&&!u&&document.getElementById("email")?.focus(),f.current=u!==null},[u]);let h=t?"Create account":"Sign in";return u&&(h="Enter your code"),v(()=>{W.value=h},[h]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${M} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${h}</h2>
				${e&&!u&&r`<${$} kind="note">${e}</${$}>`}
				${u&&r`<${At} key=${u.mfaId} />`}
				${s.busy&&r`<${w} label="Signing in" />`}
				${s.error&&!u&&r`<${$}>${B(s.error)}</${$}>`}
				${!u&&!s.busy&&r`
					<${Bt} key=${String(t)} isNew=${t} />
					${a.length>0&&r`<${Mt} providers=${a} />`}
					${n?r`<${Ft} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function At(){return r`
		<${Ve} id="code" send=${Oe} submit=${Ue} label="Sign in" onCancel=${De} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${te} />.</p>`}function Ft({isNew:e,onClick:t}){let{signUp:o}=Z.value;return o==="closed"?r`<p class="switch">New here? Ask <${te} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${l} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${l}>
		</p>`}function Bt({isNew:e}){let{run:t,busy:o,error:n,clear:i}=p(e?Ne:_e),[a,c]=d(""),s=h=>{h.preventDefault();let k=new FormData(h.currentTarget),A=String(k.get("email")).trim();c(A),t(A,String(k.get("password")))};if(Lt(n))return r`<${Rt} isNew=${e} email=${a} onBack=${i} />`;let m=Pt(n)?"An account with this e-mail already exists. Sign in instead.":X(n,"email"),u=X(n,"password"),f=n&&!m&&!u;return r`
		<form onSubmit=${s}>
			<${ee} id="email" label="E-mail" type="email" required autocomplete="username" error=${m}
				hint=${e&&Z.value.signUp==="invite"?"The address that was invited.":""} />
			<${ee} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${u}
				hint=${e?"At least 8 characters.":""} />
			${f&&r`<${$}>${!e&&ye(n)===400?"Wrong e-mail or password.":g(n)}</${$}>`}
			<${l} type="submit" busy=${o}>${qt(e,o)}</${l}>
		</form>
		${!e&&r`<p class="switch"><a href=${y("/forgot-password")}>Forgot your password?</a></p>`}`}var Pt=e=>e?.response?.data?.email?.code==="validation_not_unique",Lt=e=>e?.response?.data?.email?.code==="validation_not_verified";function Rt({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${$} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${$}>
			<${ze} email=${t} label="Send the message again" />
			${!e&&r`<p><${l} kind="link" onClick=${o}>Back to the form</${l}></p>`}
		</div>`}function qt(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Mt({providers:e}){let[t,o]=d(""),{run:n,busy:i,error:a}=p(We),c=s=>{o(s),n(s)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:s,displayName:m})=>{let u=i&&t===s,f=m||s;return r`
					<${l} key=${s} kind="quiet" busy=${u} disabled=${i} onClick=${()=>c(s)}>
						${u?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${l}>`})}
			${a&&r`<${$}>${B(a)}</${$}>`}
		</div>`}function st({selection:e,meeting:{id:t,title:o}}){let n=({currentTarget:i,shiftKey:a})=>e.set(t,i.checked,a);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t)} aria-label=${`Select: ${o||"Untitled meeting"}`} onClick=${n} />
		</label>`}function lt({workspace:e,meeting:t}){let o=[`${be(t.recorded_at)}, ${U(t.recorded_at)}`,Te(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable">
			<${st} selection=${e.selection} meeting=${t} />
			<div class="row-lead">
				<${Xe} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${J(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${o.join(" \xB7 ")}${t.withdrawn_at&&r` <${oe} tone="plain">No longer at Fathom</${oe}>`}</p>
				</div>
			</div>
			<div class="row-side"><${It} workspace=${e} meeting=${t} /></div>
		</li>`}function It({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),i=e.stateOf(t.recording_id,Re(o)?E(...D(n,e.jobs)):Date.now()),{run:a,busy:c,error:s}=p(()=>e.jobs.transfer(t.recording_id,i.phase==="failed"?Le(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),m=h=>r`
		<${l} kind="quiet small" busy=${c} aria-label=${`${h}: ${t.title}`} onClick=${a}>${h}</${l}>
		${s&&r`<span class="error" role="alert">${g(s)}</span>`}`,u=we(o?.share_url||t.loom_url),f=r`<${Qe} state=${i} />`;switch(i.phase){case"done":return r`${f}${u&&r`<${re} href=${u}>Watch on Loom</${re}>`}`;case"upload":return r`${f}<a class="button quiet small" href=${J(t.id)}>Upload to Loom</a>`;case"waiting":return r`${f}<p class="row-reason muted">${i.detail}</p>`;case"running":return r`${f}<${Ye} workspace=${e} transferID=${o?.id??""} state=${i} name=${`Progress of ${t.title}`} />`;case"failed":return r`${f}${m("Retry")}`;case"none":return r`${f}${m(C(e.delivery))}`;default:return f}}function ct({workspace:e}){let{selection:t,meetings:o}=e,[n,i]=d(null),[a,c]=d({}),s=t.meetings,{run:m,busy:u,error:f,clear:h}=p(async x=>{i(null),i(await e.transferMany({recording_ids:s.map(V=>V.recording_id)},x?a:{deliver:x})),t.clear()}),k=({currentTarget:{checked:x}})=>{h(),t.setAll(x)},A=s.length===o.items.value.length;return r`
		<div class=${`selection${s.length?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${A} indeterminate=${s.length>0&&!A} onChange=${k} />
				Select all shown
			</label>
			<span class="muted" aria-live="polite">${s.length>0&&`${s.length} selected`}</span>
			${s.length>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${l} kind="primary small" busy=${u} onClick=${()=>m(!0)}>${C(P(e.delivery,a),s.length)}</${l}>
						<${l} kind="quiet small" busy=${u} onClick=${()=>m(!1)}>Only keep a copy here</${l}>`}
					<${j} kind="quiet small" db=${e.db} selection=${{recording_ids:s.map(x=>x.recording_id)}} />
					<${l} kind="link" onClick=${()=>t.clear()}>Clear</${l}>
				</div>
				${e.fathom&&r`<${L} workspace=${e} id="selected" choice=${a} onChange=${c} many=${!0} />`}`}
			${f&&r`<${$}>${g(f)}</${$}>`}
			${!s.length&&r`<${R} result=${n} />`}
		</div>`}function mt({workspace:e}){let{run:t,busy:o,error:n}=p(()=>e.jobs.sync({full:!0}));return r`
		<${l} kind="link" busy=${o} onClick=${t}>Check all meetings</${l}>
		${n&&r`<span class="error" role="alert">${g(n)}</span>`}`}var Et=50;function ut({workspace:{db:e},sync:t}){let[o,n]=d(null),{run:i,error:a}=p(async()=>n(await e.collection("unreadable_meetings").getList(1,Et,{sort:"-created"})));return v(()=>{i()},[t.id,t.finished_at]),a?r`<p class="error" role="alert">${g(a)} <${l} kind="link" onClick=${i}>Try again</${l}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${b(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:c,recording_id:s,reason:m})=>r`
					<li key=${c}><strong>${s?`Recording ${s}`:"A meeting without an id"}</strong> <span class="muted">${m}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function $t({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${_t(e.jobs,t)}</p>`}
			</div>
			${t&&G(t)&&r`<${Ge} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!G(t)&&e.fathom&&r`<${mt} workspace=${e} />`}
			${t&&r`<${ut} workspace=${e} sync=${t} />`}
		</div>`}function _t(e,t){switch(t?.status){case"pending":case"failed":{let o=Pe(t,e,E(...D(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${Se(t.finished_at,E(t.finished_at))} \xB7 ${Ot(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function Ot(e){return[e?.added?b(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}var ft=2e3;function dt({workspace:e}){let[t,o]=d(null),[n,i]=d({}),a=e.untransferred.value,c=async()=>{let m=await e.transferMany({recording_ids:a.slice(0,ft)},n);o({...m,left:m.left+Math.max(0,a.length-ft)})},s=P(e.delivery,n);return r`
		${a.length>0&&r`
			<${q} kind="primary" label=${C(e.delivery,a.length)} confirmLabel=${C(s,a.length)}
				question=${H(s,a.length)} action=${c}>
				<${L} workspace=${e} id="all" choice=${n} onChange=${i} many=${!0} />
			</${q}>`}
		<${R} result=${t} />`}function ht({workspace:e}){let[t,o]=d(null),[n,i]=d(null),[a,c]=d({}),{meetings:s}=e,m=P(e.delivery,a),u={filter:s.filter},{run:f,error:h}=p(async T=>{i(await e.transferMany(u,{...T,dryRun:!0}))}),k=s.total.value;if(!k||s.loading.value)return null;let A=async()=>{let T=await e.transferMany(u,{...a,dryRun:!0});if(!T.created)throw new Error(pt(T,m));i(T)},x=T=>{c(T),T.byHand!==a.byHand&&f(T)},V=async()=>o(await e.transferMany(u,a));return r`
		<${q} kind="primary" label=${`Copy ${b(k,"matching meeting")}`} confirmLabel=${C(m,n?.created)} prepare=${A}
			question=${n?pt(n,m):""} action=${V}>
			<${L} workspace=${e} id="matching" choice=${a} onChange=${x} many=${!0} />
			${h&&r`<${$}>${g(h)}</${$}>`}
		</${q}>
		<${R} result=${t} />`}function pt({created:e,active:t,skipped:o,waiting:n},i){let a=et({active:t,skipped:o,waiting:n});return e?`${H(i,e)} ${a}`:`There is nothing to copy. ${a}`}var ne="first-run";function gt({user:e,transfers:t,fathom:o},n){let i=_(void 0),a=sessionStorage.getItem(ne)===e.id;n?i.current=!0:!a&&!i.current?i.current=!1:i.current===void 0&&t.loaded.value&&(i.current=!t.records.value.size);let c=i.current?n||!!o:i.current??void 0;return v(()=>{n?sessionStorage.setItem(ne,e.id):a&&i.current===!1&&sessionStorage.removeItem(ne)},[n,a,i.current]),c}function yt({workspace:e}){let{meetings:t}=e;se(()=>{let u=t.scroll;requestAnimationFrame(()=>scrollTo(0,u));let f=()=>{t.scroll=scrollY};return addEventListener("scroll",f,{passive:!0}),()=>removeEventListener("scroll",f)},[]);let o=t.loaded.value&&e.connections.loaded.value,n=t.error.value||e.connections.error.value,i=o&&!t.total.value&&!t.items.value.length&&!t.query.value,a=gt(e,i),c=o&&a!==void 0,s=e.fathom?.status==="invalid",m=!s&&r`<${$t} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${z} title="Meetings" />
					${c&&!a&&m}
				</div>
				${c&&!a&&e.fathom&&r`<${vt} workspace=${e} />`}
			</div>
			${s&&!(a&&i)&&r`
				<${$}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${K("fathom")}>Replace the key</a></${$}>`}
			${c&&!i&&!e.fathom&&r`
				<${$} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${K("fathom")}>Connect Fathom</a></${$}>`}
			${n&&r`<${$}>${n} <${l} kind="link" onClick=${()=>Ut(e)}>Try again</${l}></${$}>`}
			${!c&&!n&&r`<${w} label="Loading meetings" />`}
			${c&&a&&r`<${Ke} workspace=${e} />`}
			${c&&a&&!i&&r`<div class="first-tools"><div>${m}</div><${vt} workspace=${e} /></div>`}
			${c&&!i&&r`<${Ze} /><${Dt} workspace=${e} /><${Nt} workspace=${e} />`}
		</div>`}function Ut(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function vt({workspace:e}){let{meetings:t}=e;return r`
		<div class="actions list-actions">
			<${Je} workspace=${e} />
			${t.total.value>0&&r`
				<${j} db=${e.db} selection=${{filter:t.filter}}
					label=${t.query.value.trim()?"Download matching as files":"Download all as files"} />`}
			${t.query.value.trim()?r`<${ht} key=${t.query.value} workspace=${e} />`:r`<${dt} workspace=${e} />`}
		</div>`}function Dt({workspace:{meetings:e}}){return r`
		<div class="filter" role="search">
			<label class="hidden" for="title-filter">Filter meetings by title</label>
			<${fe} />
			<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" value=${e.query.value}
				onInput=${t=>e.search(t.currentTarget.value)} />
		</div>`}function Nt({workspace:e}){let{meetings:t}=e,{run:o,busy:n,error:i}=p(()=>t.loadMore()),a=t.items.value;return a.length?r`
		<${ct} workspace=${e} />
		${Wt(a).map(({month:c,items:s})=>r`
			<section class="month" key=${c}>
				<h2>${c}</h2>
				<ul class="rows">
					${s.map(m=>r`<${lt} key=${m.id} workspace=${e} meeting=${m} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&r`<${l} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${l}>`}
			<span class="muted">${t.hasMore.value?`${a.length} of ${b(t.total.value,"meeting")}`:b(t.total.value,"meeting")}</span>
			${i&&r`<span class="error">${B(i)}</span>`}
		</p>`:t.loading.value?r`<${w} label="Searching" />`:r`
			<section class="empty">
				<h2>No matches</h2>
				<p>No meeting has “${t.query.value.trim()}” in its title.</p>
				<${l} kind="quiet" onClick=${()=>t.search("")}>Show all meetings</${l}>
			</section>`}function Wt(e){let t=[];for(let o of e){let n=ke(o.recorded_at);t.at(-1)?.month!==n&&t.push({month:n,items:[]}),t.at(-1)?.items.push(o)}return t}var bt=()=>r`
	<div class="page narrow">
		<${z} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${y("/")}>Go to your meetings</a></p>
	</div>`;var{Later:S,preload:jt}=ot(()=>import("./more_pages-VPJWU477.js"));function kt(){let e=N.value,{page:t}=F.value;if(ce(F.value))return r`<${S} key=${location.hash} name=${Ht[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${S} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${w} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${M} />
					<p role="alert">${e.notice}</p>
					<${l} onClick=${Ie}>Try again</${l}>
				</main>`;case"signed-out":return r`<${at} notice=${e.notice||zt()} />`;default:return r`<${Vt} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var Ht={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function zt(){return F.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":Ce.value?"Sign in to finish connecting Atlassian.":""}function Vt({workspace:e}){let t=F.value;v(()=>{let n=setTimeout(jt,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Gt}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${y("/")} aria-label="Fathom-to-Loom: meetings"><${M} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${y("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<${rt} workspace=${e} current=${o("upload")} />
				<a href=${ue()} aria-current=${o("activity")}>Activity</a>
				<a href=${y("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${y("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${He}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${I.lostAt.value>0?"stale":""}>
			<${Q} key=${me(t)} fallback=${r`<${nt} />`}>
				<${Yt} workspace=${e} route=${t} />
			</${Q}>
		</main>
		<${it} />`}function Yt({workspace:e,route:t}){switch(t.page){case"upload":return r`<${S} name="UploadPage" workspace=${e} />`;case"activity":return r`<${S} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return r`<${S} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${S} name="HelpPage" />`;case"atlassian-callback":return r`<${S} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${S} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${S} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return r`<${S} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${bt} />`;default:return r`<${yt} workspace=${e} />`}}function Gt(e){e.preventDefault(),document.getElementById("content")?.focus()}function St(){le(()=>{let{value:e}=N,t=e.phase==="ready"?Jt(e.workspace.jobs.transferring.value,i=>e.workspace.stateOf(i)):"";document.title=[t,W.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let o=document.querySelector("link[rel=icon]"),n=`${O()}/${t?"favicon-busy.svg":"favicon.svg"}`;o&&o.href!==n&&(o.href=n)})}function Jt(e,t){let[o]=e;return e.size<=1?e.size?t(o).label:"":b(e.size,"copy","copies")}function wt(e){let t=[];e.addEventListener("focusin",o=>{t=Kt(o.target,e)}),document.addEventListener("pointerdown",o=>{t.length&&!t[0].contains(o.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let o=Qt(t,e);t=[],o&&(o.tabIndex<0&&(o.tabIndex=-1),o.focus({preventScroll:!0}),o.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function Kt(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}var Tt="h1, h2, h3, .row-title";function Qt(e,t){for(let{dataset:o,isConnected:n}of e){let i=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(i)return i.querySelector(Tt)}for(let o=e.find(({isConnected:n})=>n)??t;o;o=o===t?null:o.parentElement??t){let n=o.querySelector(Tt);if(n)return n}return null}tt();Ae();Be();addEventListener("pageshow",xe);pe(O());$e();Me();St();var ie=document.getElementById("app");ie&&(wt(ie),ae(r`<${kt} />`,ie));
