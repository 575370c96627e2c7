import{$ as E,A as me,Aa as Ae,Ab as T,Bb as W,C as U,D as ue,Db as re,E as $e,Eb as Ye,Fb as Ge,G as de,Gb as H,H as G,Hb as Je,Ka as X,La as Fe,Lb as B,Ma as Pe,Mb as Ke,Na as Le,Nb as R,O as v,Oa as Be,Ob as M,P as fe,Pa as Re,Pb as Qe,Qa as Me,R as pe,Ra as qe,S as he,Sa as Ie,Sb as Xe,Ta as Ee,V as ge,W as ve,Wa as _e,Xa as Oe,Ya as Ue,Z as ye,Za as Ne,_ as J,aa as g,ab as p,b as ie,ba as be,bb as De,c as f,ca as ke,d as y,da as k,e as ae,ea as P,f as O,fb as Z,ga as K,gb as We,ha as F,hb as ee,i as z,j as r,ja as Se,jb as D,k as l,ka as we,kb as _,l as V,la as Te,lb as te,m as q,ob as He,pb as je,q as se,rb as ze,s as u,sb as Ve,t as w,v as le,va as Q,w as I,wa as Ce,x as ce,xa as N,y as Y,ya as xe,zb as L}from"./chunk-OM5TSSOX.js";function Ze(e){let t=z(null),o=z(!1),n=null,i=()=>{o.value=!1,n??=e().then(c=>{t.value=c},()=>{n=null,o.value=!0})};return{Later:({name:c,...s})=>t.value?r`<${t.value[c]} ...${s} />`:o.value?r`
				<div class="page narrow">
					<${u}>This page could not be loaded. <${l} kind="link" onClick=${()=>location.reload()}>Reload</${l}></${u}>
				</div>`:(queueMicrotask(i),r`<div class="page"><${w} label="Loading" /></div>`),preload:i}}var et=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${l} kind="quiet" onClick=${()=>location.reload()}>Reload page</${l}>
		</section>
	</div>`;var tt=()=>r`
	<div class="foot">
		<div role="status">${Y.value&&r`<p class="toast">${Y.value}</p>`}</div>
		<div role="status">${I.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${kt(I.lostAt.value)}</p>`}</div>
	</div>`,kt=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${U(new Date(e).toISOString())}.`;function rt({notice:e}){let[t,o]=f(F.value.page==="sign-up"),[n,i]=f(!1),[a,c]=f([]);y(()=>{Fe().then(()=>i(!0)),le.collection("users").listAuthMethods().then(b=>c(b.oauth2.enabled?b.oauth2.providers:[]),()=>{})},[]);let s=p(Ue),m=we.value!==null;y(()=>{m&&s.run()},[]);let $=Re.value,d=O(!1);y(()=>{d.current&&!$&&document.getElementById("email")?.focus(),d.current=$!==null},[$]);let h=t?"Create account":"Sign in";return $&&(h="Enter your code"),y(()=>{document.title=`${h} \xB7 Fathom-to-Loom`},[h]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${q} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${h}</h2>
				${e&&!$&&r`<${u} kind="note">${e}</${u}>`}
				${$&&r`<${St} key=${$.mfaId} />`}
				${s.busy&&r`<${w} label="Signing in" />`}
				${s.error&&!$&&r`<${u}>${E(s.error)}</${u}>`}
				${!$&&!s.busy&&r`
					<${Tt} key=${String(t)} isNew=${t} />
					${a.length>0&&r`<${Pt} providers=${a} />`}
					${n?r`<${wt} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function St(){return r`
		<${We} id="code" send=${qe} submit=${Ie} label="Sign in" onCancel=${Ee} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${ee} />.</p>`}function wt({isNew:e,onClick:t}){let{signUp:o}=X.value;return o==="closed"?r`<p class="switch">New here? Ask <${ee} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${l} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${l}>
		</p>`}function Tt({isNew:e}){let{run:t,busy:o,error:n,clear:i}=p(e?_e:Me),[a,c]=f(""),s=h=>{h.preventDefault();let b=new FormData(h.currentTarget),A=String(b.get("email")).trim();c(A),t(A,String(b.get("password")))};if(xt(n))return r`<${At} isNew=${e} email=${a} onBack=${i} />`;let m=Ct(n)?"An account with this e-mail already exists. Sign in instead.":J(n,"email"),$=J(n,"password"),d=n&&!m&&!$;return r`
		<form onSubmit=${s}>
			<${Z} id="email" label="E-mail" type="email" required autocomplete="username" error=${m}
				hint=${e&&X.value.signUp==="invite"?"The address that was invited.":""} />
			<${Z} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${$}
				hint=${e?"At least 8 characters.":""} />
			${d&&r`<${u}>${!e&&ye(n)===400?"Wrong e-mail or password.":g(n)}</${u}>`}
			<${l} type="submit" busy=${o}>${Ft(e,o)}</${l}>
		</form>
		${!e&&r`<p class="switch"><a href=${k("/forgot-password")}>Forgot your password?</a></p>`}`}var Ct=e=>e?.response?.data?.email?.code==="validation_not_unique",xt=e=>e?.response?.data?.email?.code==="validation_not_verified";function At({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${u} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${u}>
			<${De} email=${t} label="Send the message again" />
			${!e&&r`<p><${l} kind="link" onClick=${o}>Back to the form</${l}></p>`}
		</div>`}function Ft(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Pt({providers:e}){let[t,o]=f(""),{run:n,busy:i,error:a}=p(Oe),c=s=>{o(s),n(s)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:s,displayName:m})=>{let $=i&&t===s,d=m||s;return r`
					<${l} key=${s} kind="quiet" busy=${$} disabled=${i} onClick=${()=>c(s)}>
						${$?`Waiting for ${d}\u2026`:`Continue with ${d}`}
					</${l}>`})}
			${a&&r`<${u}>${E(a)}</${u}>`}
		</div>`}function ot({selection:e,meeting:{id:t,title:o}}){let n=({currentTarget:i,shiftKey:a})=>e.set(t,i.checked,a);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t)} aria-label=${`Select: ${o||"Untitled meeting"}`} onClick=${n} />
		</label>`}function nt({workspace:e,meeting:t}){let o=[`${me(t.recorded_at)}, ${U(t.recorded_at)}`,de(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable">
			<${ot} selection=${e.selection} meeting=${t} />
			<div class="row-lead">
				<${Ge} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${P(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${o.join(" \xB7 ")}${t.withdrawn_at&&r` <${re} tone="plain">No longer at Fathom</${re}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Lt} workspace=${e} meeting=${t} /></div>
		</li>`}function Lt({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),i=e.stateOf(t.recording_id,Ae(o)?_(...N(n,e.jobs)):Date.now()),{run:a,busy:c,error:s}=p(()=>e.jobs.transfer(t.recording_id,i.phase==="failed"?xe(n):{}),"The copy starts."),m=h=>r`
		<${l} kind="quiet small" busy=${c} aria-label=${`${h}: ${t.title}`} onClick=${a}>${h}</${l}>
		${s&&r`<span class="error" role="alert">${g(s)}</span>`}`,$=pe(o?.share_url||t.loom_url),d=r`<${Ye} state=${i} />`;switch(i.phase){case"done":return r`${d}${$&&r`<${te} href=${$}>Watch on Loom</${te}>`}`;case"upload":return r`${d}<a class="button quiet small" href=${P(t.id)}>Upload to Loom</a>`;case"waiting":return r`${d}<p class="row-reason muted">${i.detail}</p>`;case"running":return r`${d}<${He} workspace=${e} transferID=${o?.id??""} state=${i} name=${`Progress of ${t.title}`} />`;case"failed":return r`${d}${m("Retry")}`;case"none":return r`${d}${m(T(e.delivery))}`;default:return d}}function it({workspace:e}){let[t,o]=f(null),{run:n,busy:i,error:a}=p(async m=>{let $=String(new FormData(m).get("share-links"));o(await e.db.send("/api/share-links",{method:"POST",body:{text:$}})),m.reset()}),c=[...e.transfers.records.value.values()].filter(({status:m})=>m==="awaiting_share_url").length;if(c<2&&!t)return null;let s=m=>{m.preventDefault(),n(m.currentTarget)};return r`
		<details class="card paste-links">
			<summary>Paste several Loom links (${v(c,"meeting waits","meetings wait")} for one)</summary>
			<form onSubmit=${s}>
				<label for="share-links">Loom share links, with or without other text</label>
				<textarea id="share-links" name="share-links" rows="4" required spellcheck=${!1}></textarea>
				${a&&r`<p class="error" role="alert">${g(a)}</p>`}
				<${l} type="submit" busy=${i}>${i?"Checking links\u2026":"Find their meetings"}</${l}>
			</form>
			${t&&r`<${Bt} result=${t} />`}
		</details>`}function Bt({result:{matched:e,doubtful:t,unknown:o}}){return r`
		<div role="status">
			${e.length>0&&r`
				<${u} kind="note">
					<p>${v(e.length,"link")} saved:</p>
					<ul>${e.map(({url:n,meeting:i,title:a})=>r`<li key=${n}><a href=${P(i)}>${a}</a></li>`)}</ul>
				</${u}>`}
			${t.map(({url:n,found:i,candidates:a})=>r`
				<${u} key=${n}>
					<p>${n} (${i.title||"untitled"}${i.duration>0&&` \xB7 ${G(i.duration)}`}) may belong to one of these meetings. Paste it there:</p>
					<ul>${a.map(({meeting:c,title:s,duration:m})=>r`
						<li key=${c}><a href=${P(c)}>${s}</a> · ${G(m)}</li>`)}</ul>
				</${u}>`)}
			${o.map(({url:n,message:i})=>r`<${u} key=${n}>${n}: ${i}</${u}>`)}
		</div>`}function at({workspace:e}){let{selection:t,meetings:o}=e,[n,i]=f(null),[a,c]=f({}),s=t.meetings,{run:m,busy:$,error:d,clear:h}=p(async x=>{i(null),i(await e.transferMany({recording_ids:s.map(j=>j.recording_id)},x?a:{deliver:x})),t.clear()}),b=({currentTarget:{checked:x}})=>{h(),t.setAll(x)},A=s.length===o.items.value.length;return r`
		<div class=${`selection${s.length?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${A} indeterminate=${s.length>0&&!A} onChange=${b} />
				Select all shown
			</label>
			<span class="muted" aria-live="polite">${s.length>0&&`${s.length} selected`}</span>
			${s.length>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${l} kind="primary small" busy=${$} onClick=${()=>m(!0)}>${T(L(e.delivery,a),s.length)}</${l}>
						<${l} kind="quiet small" busy=${$} onClick=${()=>m(!1)}>Only keep a copy here</${l}>`}
					<${D} kind="quiet small" db=${e.db} selection=${{recording_ids:s.map(x=>x.recording_id)}} />
					<${l} kind="link" onClick=${()=>t.clear()}>Clear</${l}>
				</div>
				${e.fathom&&r`<${B} workspace=${e} id="selected" choice=${a} onChange=${c} many=${!0} />`}`}
			${d&&r`<${u}>${g(d)}</${u}>`}
			${!s.length&&r`<${R} result=${n} />`}
		</div>`}function st({workspace:e}){let{run:t,busy:o,error:n}=p(()=>e.jobs.sync({full:!0}));return r`
		<${l} kind="link" busy=${o} onClick=${t}>Check all meetings</${l}>
		${n&&r`<span class="error" role="alert">${g(n)}</span>`}`}var Rt=50;function lt({workspace:{db:e},sync:t}){let[o,n]=f(null),{run:i,error:a}=p(async()=>n(await e.collection("unreadable_meetings").getList(1,Rt,{sort:"-created"})));return y(()=>{i()},[t.id,t.finished_at]),a?r`<p class="error" role="alert">${g(a)} <${l} kind="link" onClick=${i}>Try again</${l}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${v(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:c,recording_id:s,reason:m})=>r`
					<li key=${c}><strong>${s?`Recording ${s}`:"A meeting without an id"}</strong> <span class="muted">${m}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function ct({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${Mt(e.jobs,t)}</p>`}
			</div>
			${t&&Q(t)&&r`<${je} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!Q(t)&&e.fathom&&r`<${st} workspace=${e} />`}
			${t&&r`<${lt} workspace=${e} sync=${t} />`}
		</div>`}function Mt(e,t){switch(t?.status){case"pending":case"failed":{let o=Ce(t,e,_(...N(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${$e(t.finished_at,_(t.finished_at))} \xB7 ${qt(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function qt(e){return[e?.added?v(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}var mt=2e3;function ut({workspace:e}){let[t,o]=f(null),[n,i]=f({}),a=e.untransferred.value,c=async()=>{let m=await e.transferMany({recording_ids:a.slice(0,mt)},n);o({...m,left:m.left+Math.max(0,a.length-mt)})},s=L(e.delivery,n);return r`
		${a.length>0&&r`
			<${M} kind="primary" label=${T(e.delivery,a.length)} confirmLabel=${T(s,a.length)}
				question=${W(s,a.length)} action=${c}>
				<${B} workspace=${e} id="all" choice=${n} onChange=${i} many=${!0} />
			</${M}>`}
		<${R} result=${t} />`}function dt({workspace:e}){let[t,o]=f(null),[n,i]=f(null),[a,c]=f({}),{meetings:s}=e,m=L(e.delivery,a),$={filter:s.filter},{run:d,error:h}=p(async S=>{i(await e.transferMany($,{...S,dryRun:!0}))}),b=s.total.value;if(!b||s.loading.value)return null;let A=async()=>{let S=await e.transferMany($,{...a,dryRun:!0});if(!S.created)throw new Error($t(S,m));i(S)},x=S=>{c(S),S.byHand!==a.byHand&&d(S)},j=async()=>o(await e.transferMany($,a));return r`
		<${M} kind="primary" label=${`Copy ${v(b,"matching meeting")}`} confirmLabel=${T(m,n?.created)} prepare=${A}
			question=${n?$t(n,m):""} action=${j}>
			<${B} workspace=${e} id="matching" choice=${a} onChange=${x} many=${!0} />
			${h&&r`<${u}>${g(h)}</${u}>`}
		</${M}>
		<${R} result=${t} />`}function $t({created:e,active:t,skipped:o,waiting:n},i){let a=Ke({active:t,skipped:o,waiting:n});return e?`${W(i,e)} ${a}`:`There is nothing to copy. ${a}`}var oe="first-run";function ft({user:e,transfers:t,fathom:o},n){let i=O(void 0),a=sessionStorage.getItem(oe)===e.id;n?i.current=!0:!a&&!i.current?i.current=!1:i.current===void 0&&t.loaded.value&&(i.current=!t.records.value.size);let c=i.current?n||!!o:i.current??void 0;return y(()=>{n?sessionStorage.setItem(oe,e.id):a&&i.current===!1&&sessionStorage.removeItem(oe)},[n,a,i.current]),c}function ht({workspace:e}){let{meetings:t}=e;ae(()=>{let $=t.scroll;requestAnimationFrame(()=>scrollTo(0,$));let d=()=>{t.scroll=scrollY};return addEventListener("scroll",d,{passive:!0}),()=>removeEventListener("scroll",d)},[]);let o=t.loaded.value&&e.connections.loaded.value,n=t.error.value||e.connections.error.value,i=o&&!t.total.value&&!t.items.value.length&&!t.query.value,a=ft(e,i),c=o&&a!==void 0,s=e.fathom?.status==="invalid",m=!s&&r`<${ct} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${H} title="Meetings" />
					${c&&!a&&m}
				</div>
				${c&&!a&&e.fathom&&r`<${pt} workspace=${e} />`}
			</div>
			${s&&!(a&&i)&&r`
				<${u}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${K("fathom")}>Replace the key</a></${u}>`}
			${c&&!i&&!e.fathom&&r`
				<${u} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${K("fathom")}>Connect Fathom</a></${u}>`}
			${n&&r`<${u}>${n} <${l} kind="link" onClick=${()=>It(e)}>Try again</${l}></${u}>`}
			${!c&&!n&&r`<${w} label="Loading meetings" />`}
			${c&&a&&r`<${Ve} workspace=${e} />`}
			${c&&a&&!i&&r`<div class="first-tools"><div>${m}</div><${pt} workspace=${e} /></div>`}
			${c&&!i&&r`<${Qe} workspace=${e} id="waiting" /><${it} workspace=${e} /><${Je} /><${Et} workspace=${e} /><${_t} workspace=${e} />`}
		</div>`}function It(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function pt({workspace:e}){let{meetings:t}=e;return r`
		<div class="actions list-actions">
			<${ze} workspace=${e} />
			${t.total.value>0&&r`
				<${D} db=${e.db} selection=${{filter:t.filter}}
					label=${t.query.value.trim()?"Download matching as files":"Download all as files"} />`}
			${t.query.value.trim()?r`<${dt} key=${t.query.value} workspace=${e} />`:r`<${ut} workspace=${e} />`}
		</div>`}function Et({workspace:{meetings:e}}){return r`
		<div class="filter" role="search">
			<label class="hidden" for="title-filter">Filter meetings by title</label>
			<${se} />
			<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" value=${e.query.value}
				onInput=${t=>e.search(t.currentTarget.value)} />
		</div>`}function _t({workspace:e}){let{meetings:t}=e,{run:o,busy:n,error:i}=p(()=>t.loadMore()),a=t.items.value;return a.length?r`
		<${at} workspace=${e} />
		${Ot(a).map(({month:c,items:s})=>r`
			<section class="month" key=${c}>
				<h2>${c}</h2>
				<ul class="rows">
					${s.map(m=>r`<${nt} key=${m.id} workspace=${e} meeting=${m} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&r`<${l} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${l}>`}
			<span class="muted">${t.hasMore.value?`${a.length} of ${v(t.total.value,"meeting")}`:v(t.total.value,"meeting")}</span>
			${i&&r`<span class="error">${E(i)}</span>`}
		</p>`:t.loading.value?r`<${w} label="Searching" />`:r`
			<section class="empty">
				<h2>No matches</h2>
				<p>No meeting has “${t.query.value.trim()}” in its title.</p>
				<${l} kind="quiet" onClick=${()=>t.search("")}>Show all meetings</${l}>
			</section>`}function Ot(e){let t=[];for(let o of e){let n=ue(o.recorded_at);t.at(-1)?.month!==n&&t.push({month:n,items:[]}),t.at(-1)?.items.push(o)}return t}var gt=()=>r`
	<div class="page narrow">
		<${H} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${k("/")}>Go to your meetings</a></p>
	</div>`;var{Later:C,preload:Ut}=Ze(()=>import("./more_pages-7II3EOM4.js"));function vt(){let e=Pe.value,{page:t}=F.value;if(be(F.value))return r`<${C} key=${location.hash} name=${Nt[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${C} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${w} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${q} />
					<p role="alert">${e.notice}</p>
					<${l} onClick=${Be}>Try again</${l}>
				</main>`;case"signed-out":return r`<${rt} notice=${e.notice||Dt()} />`;default:return r`<${Wt} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var Nt={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Dt(){return F.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":he.value?"Sign in to finish connecting Atlassian.":""}function Wt({workspace:e}){let t=F.value;y(()=>{let n=setTimeout(Ut,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${jt}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${k("/")} aria-label="Fathom-to-Loom: meetings"><${q} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${k("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<a href=${k("/activity")} aria-current=${o("activity")}>Activity</a>
				<a href=${k("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${k("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${Ne}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${I.lostAt.value>0?"stale":""}>
			<${V} key=${ke(t)} fallback=${r`<${et} />`}>
				<${Ht} workspace=${e} route=${t} />
			</${V}>
		</main>
		<${tt} />`}function Ht({workspace:e,route:t}){switch(t.page){case"activity":return r`<${C} name="ActivityPage" workspace=${e} />`;case"settings":return r`<${C} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${C} name="HelpPage" />`;case"atlassian-callback":return r`<${C} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${C} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${C} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} />`;case"search":return r`<${C} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${gt} />`;default:return r`<${ht} workspace=${e} />`}}function jt(e){e.preventDefault(),document.getElementById("content")?.focus()}function bt(e){let t=[];e.addEventListener("focusin",o=>{t=zt(o.target,e)}),document.addEventListener("pointerdown",o=>{t.length&&!t[0].contains(o.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let o=Vt(t,e);t=[],o&&(o.tabIndex<0&&(o.tabIndex=-1),o.focus({preventScroll:!0}),o.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function zt(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}var yt="h1, h2, h3, .row-title";function Vt(e,t){for(let{dataset:o,isConnected:n}of e){let i=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(i)return i.querySelector(yt)}for(let o=e.find(({isConnected:n})=>n)??t;o;o=o===t?null:o.parentElement??t){let n=o.querySelector(yt);if(n)return n}return null}Xe();ve();Te();addEventListener("pageshow",ge);ce(fe());Se();Le();var ne=document.getElementById("app");ne&&(bt(ne),ie(r`<${vt} />`,ne));
