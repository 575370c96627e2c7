import{$ as Se,$a as Ue,A as de,Ab as Je,B as pe,C as he,Cb as Ke,D as K,Db as Qe,E as F,F as g,Ga as Le,Ha as D,I as ge,Ia as Re,Ka as qe,Kb as L,L as U,Lb as w,M as ve,Mb as z,N as ye,Ob as ne,P as be,Pb as Xe,Q,Qb as Ze,Rb as V,Sb as et,Ua as ee,Va as Me,Wa as W,Wb as R,X as v,Xa as Ie,Xb as tt,Y as N,Ya as Ee,Yb as q,Za as _e,Zb as M,_ as ke,_a as Oe,_b as rt,ab as Ne,b as se,bb as De,bc as ot,c as d,ca as Te,d as y,da as we,e as le,eb as We,f as O,fb as je,ga as X,gb as He,hb as ze,i as G,j as ce,k as r,kb as p,l,la as Ce,lb as Ve,m as J,ma as xe,n as I,na as T,oa as B,pb as te,qa as Ae,qb as Ye,r as me,ra as Z,rb as re,sa as P,sb as j,t as u,u as S,ua as Fe,ub as H,va as Pe,vb as _,w as ue,wa as Be,wb as oe,x as E,y as $e,z as fe,zb as Ge}from"./chunk-D54B43VW.js";function nt(e){let t=G(null),o=G(!1),n=null,i=()=>{o.value=!1,n??=e().then(c=>{t.value=c},()=>{n=null,o.value=!0})};return{Later:({name:c,...s})=>t.value?r`<${t.value[c]} ...${s} />`:o.value?r`
				<div class="page narrow">
					<${u}>This page could not be loaded. <${l} kind="link" onClick=${()=>location.reload()}>Reload</${l}></${u}>
				</div>`:(queueMicrotask(i),r`<div class="page"><${S} label="Loading" /></div>`),preload:i}}var it=()=>r`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${l} kind="quiet" onClick=${()=>location.reload()}>Reload page</${l}>
		</section>
	</div>`;var at=()=>r`
	<div class="foot">
		<div role="status"><${At} /></div>
		<div role="status">${E.lostAt.value>0&&r`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${Ft(E.lostAt.value)}</p>`}</div>
	</div>`;function At(){let e=fe.value;if(!e)return null;let t=()=>pe().catch(o=>de(F(o)));return r`<p class="toast">${e.text}${e.undo&&r` <${l} kind="link" onClick=${t}>Undo</${l}>`}</p>`}var Ft=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${U(new Date(e).toISOString())}.`;function st({notice:e}){let[t,o]=d(P.value.page==="sign-up"),[n,i]=d(!1),[a,c]=d([]);y(()=>{Me().then(()=>i(!0)),ue.collection("users").listAuthMethods().then(b=>c(b.oauth2.enabled?b.oauth2.providers:[]),()=>{})},[]);let s=p(He),m=Pe.value!==null;y(()=>{m&&s.run()},[]);let $=_e.value,f=O(!1);y(()=>{f.current&&!$&&document.getElementById("email")?.focus(),f.current=$!==null},[$]);let h=t?"Create account":"Sign in";return $&&(h="Enter your code"),y(()=>{j.value=h},[h]),r`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${I} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${h}</h2>
				${e&&!$&&r`<${u} kind="note">${e}</${u}>`}
				${$&&r`<${Pt} key=${$.mfaId} />`}
				${s.busy&&r`<${S} label="Signing in" />`}
				${s.error&&!$&&r`<${u}>${F(s.error)}</${u}>`}
				${!$&&!s.busy&&r`
					<${Lt} key=${String(t)} isNew=${t} />
					${a.length>0&&r`<${Et} providers=${a} />`}
					${n?r`<${Bt} isNew=${t} onClick=${()=>o(!t)} />`:r`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function Pt(){return r`
		<${Ye} id="code" send=${Ue} submit=${Ne} label="Sign in" onCancel=${De} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${re} />.</p>`}function Bt({isNew:e,onClick:t}){let{signUp:o}=ee.value;return o==="closed"?r`<p class="switch">New here? Ask <${re} /> for an account.</p>`:r`
		<p class="switch">
			${e?"Already have an account?":o==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${l} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${l}>
		</p>`}function Lt({isNew:e}){let{run:t,busy:o,error:n,clear:i}=p(e?We:Oe),[a,c]=d(""),s=h=>{h.preventDefault();let b=new FormData(h.currentTarget),A=String(b.get("email")).trim();c(A),t(A,String(b.get("password")))};if(qt(n))return r`<${Mt} isNew=${e} email=${a} onBack=${i} />`;let m=Rt(n)?"An account with this e-mail already exists. Sign in instead.":K(n,"email"),$=K(n,"password"),f=n&&!m&&!$;return r`
		<form onSubmit=${s}>
			<${te} id="email" label="E-mail" type="email" required autocomplete="username" error=${m}
				hint=${e&&ee.value.signUp==="invite"?"The address that was invited.":""} />
			<${te} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${$}
				hint=${e?"At least 8 characters.":""} />
			${f&&r`<${u}>${!e&&he(n)===400?"Wrong e-mail or password.":g(n)}</${u}>`}
			<${l} type="submit" busy=${o}>${It(e,o)}</${l}>
		</form>
		${!e&&r`<p class="switch"><a href=${T("/forgot-password")}>Forgot your password?</a></p>`}`}var Rt=e=>e?.response?.data?.email?.code==="validation_not_unique",qt=e=>e?.response?.data?.email?.code==="validation_not_verified";function Mt({isNew:e,email:t,onBack:o}){return r`
		<div>
			<${u} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${u}>
			<${Ve} email=${t} label="Send the message again" />
			${!e&&r`<p><${l} kind="link" onClick=${o}>Back to the form</${l}></p>`}
		</div>`}function It(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Et({providers:e}){let[t,o]=d(""),{run:n,busy:i,error:a}=p(je),c=s=>{o(s),n(s)};return r`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:s,displayName:m})=>{let $=i&&t===s,f=m||s;return r`
					<${l} key=${s} kind="quiet" busy=${$} disabled=${i} onClick=${()=>c(s)}>
						${$?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${l}>`})}
			${a&&r`<${u}>${F(a)}</${u}>`}
		</div>`}function lt({selection:e,meeting:{id:t,title:o}}){let n=({currentTarget:i,shiftKey:a})=>e.set(t,i.checked,a);return r`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t)} aria-label=${`Select: ${o||"Untitled meeting"}`} onClick=${n} />
		</label>`}function ct({workspace:e,meeting:t}){let o=[`${ge(t.recorded_at)}, ${U(t.recorded_at)}`,be(t.duration),t.recorded_by?.name].filter(Boolean);return r`
		<li class="row selectable">
			<${lt} selection=${e.selection} meeting=${t} />
			<div class="row-lead">
				<${Ze} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${B(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${o.join(" \xB7 ")}${t.withdrawn_at&&r` <${ne} tone="plain">No longer at Fathom</${ne}>`}</p>
				</div>
			</div>
			<div class="row-side"><${_t} workspace=${e} meeting=${t} /></div>
		</li>`}function _t({workspace:e,meeting:t}){let o=e.transferOf(t.recording_id),n=o&&e.jobs.records.value.get(o.job),i=e.stateOf(t.recording_id,qe(o)?_(...D(n,e.jobs)):Date.now()),{run:a,busy:c,error:s}=p(()=>e.jobs.transfer(t.recording_id,i.phase==="failed"?Re(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),m=h=>r`
		<${l} kind="quiet small" busy=${c} aria-label=${`${h}: ${t.title}`} onClick=${a}>${h}</${l}>
		${s&&r`<span class="error" role="alert">${g(s)}</span>`}`,$=ke(o?.share_url||t.loom_url),f=r`<${Xe} state=${i} />`;switch(i.phase){case"done":return r`${f}${$&&r`<${oe} href=${$}>Watch on Loom</${oe}>`}`;case"upload":return r`${f}<a class="button quiet small" href=${B(t.id)}>Upload to Loom</a>`;case"waiting":return r`${f}<p class="row-reason muted">${i.detail}</p>`;case"running":return r`${f}<${Ge} workspace=${e} transferID=${o?.id??""} state=${i} name=${`Progress of ${t.title}`} />`;case"failed":return r`${f}${m("Retry")}`;case"none":return r`${f}${m(w(e.delivery))}`;default:return f}}function mt({workspace:e}){let[t,o]=d(null),{run:n,busy:i,error:a}=p(async m=>{let $=String(new FormData(m).get("share-links"));o(await e.db.send("/api/share-links",{method:"POST",body:{text:$}})),m.reset()}),c=[...e.transfers.records.value.values()].filter(({status:m})=>m==="awaiting_share_url").length;if(c<2&&!t)return null;let s=m=>{m.preventDefault(),n(m.currentTarget)};return r`
		<details class="card paste-links">
			<summary>Paste several Loom links (${v(c,"meeting waits","meetings wait")} for one)</summary>
			<form onSubmit=${s}>
				<label for="share-links">Loom share links, with or without other text</label>
				<textarea id="share-links" name="share-links" rows="4" required spellcheck=${!1}></textarea>
				${a&&r`<p class="error" role="alert">${g(a)}</p>`}
				<${l} type="submit" busy=${i}>${i?"Checking links\u2026":"Find their meetings"}</${l}>
			</form>
			${t&&r`<${Ot} result=${t} />`}
		</details>`}function Ot({result:{matched:e,doubtful:t,unknown:o}}){return r`
		<div role="status">
			${e.length>0&&r`
				<${u} kind="note">
					<p>${v(e.length,"link")} saved:</p>
					<ul>${e.map(({url:n,meeting:i,title:a})=>r`<li key=${n}><a href=${B(i)}>${a}</a></li>`)}</ul>
				</${u}>`}
			${t.map(({url:n,found:i,candidates:a})=>r`
				<${u} key=${n}>
					<p>${n} (${i.title||"untitled"}${i.duration>0&&` \xB7 ${Q(i.duration)}`}) may belong to one of these meetings. Paste it there:</p>
					<ul>${a.map(({meeting:c,title:s,duration:m})=>r`
						<li key=${c}><a href=${B(c)}>${s}</a> · ${Q(m)}</li>`)}</ul>
				</${u}>`)}
			${o.map(({url:n,message:i})=>r`<${u} key=${n}>${n}: ${i}</${u}>`)}
		</div>`}function ut({workspace:e}){let{selection:t,meetings:o}=e,[n,i]=d(null),[a,c]=d({}),s=t.meetings,{run:m,busy:$,error:f,clear:h}=p(async x=>{i(null),i(await e.transferMany({recording_ids:s.map(Y=>Y.recording_id)},x?a:{deliver:x})),t.clear()}),b=({currentTarget:{checked:x}})=>{h(),t.setAll(x)},A=s.length===o.items.value.length;return r`
		<div class=${`selection${s.length?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${A} indeterminate=${s.length>0&&!A} onChange=${b} />
				Select all shown
			</label>
			<span class="muted" aria-live="polite">${s.length>0&&`${s.length} selected`}</span>
			${s.length>0&&r`
				<div class="actions">
					${e.fathom&&r`
						<${l} kind="primary small" busy=${$} onClick=${()=>m(!0)}>${w(L(e.delivery,a),s.length)}</${l}>
						<${l} kind="quiet small" busy=${$} onClick=${()=>m(!1)}>Only keep a copy here</${l}>`}
					<${H} kind="quiet small" db=${e.db} selection=${{recording_ids:s.map(x=>x.recording_id)}} />
					<${l} kind="link" onClick=${()=>t.clear()}>Clear</${l}>
				</div>
				${e.fathom&&r`<${R} workspace=${e} id="selected" choice=${a} onChange=${c} many=${!0} />`}`}
			${f&&r`<${u}>${g(f)}</${u}>`}
			${!s.length&&r`<${q} result=${n} />`}
		</div>`}function $t({workspace:e}){let{run:t,busy:o,error:n}=p(()=>e.jobs.sync({full:!0}));return r`
		<${l} kind="link" busy=${o} onClick=${t}>Check all meetings</${l}>
		${n&&r`<span class="error" role="alert">${g(n)}</span>`}`}var Ut=50;function ft({workspace:{db:e},sync:t}){let[o,n]=d(null),{run:i,error:a}=p(async()=>n(await e.collection("unreadable_meetings").getList(1,Ut,{sort:"-created"})));return y(()=>{i()},[t.id,t.finished_at]),a?r`<p class="error" role="alert">${g(a)} <${l} kind="link" onClick=${i}>Try again</${l}></p>`:o?.totalItems?r`
		<details class="unreadable">
			<summary>${v(o.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${o.items.map(({id:c,recording_id:s,reason:m})=>r`
					<li key=${c}><strong>${s?`Recording ${s}`:"A meeting without an id"}</strong> <span class="muted">${m}</span></li>`)}
			</ul>
			${o.totalItems>o.items.length&&r`<p class="muted">The latest ${o.items.length} are shown.</p>`}
		</details>`:null}function dt({workspace:e}){let t=e.jobs.lastSync;return r`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?r`<p class="error">Last sync failed: ${t.error}</p>`:r`<p class="muted">${Nt(e.jobs,t)}</p>`}
			</div>
			${t&&X(t)&&r`<${Je} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!X(t)&&e.fathom&&r`<${$t} workspace=${e} />`}
			${t&&r`<${ft} workspace=${e} sync=${t} />`}
		</div>`}function Nt(e,t){switch(t?.status){case"pending":case"failed":{let o=Le(t,e,_(...D(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${o}`:`The sync waits. ${o}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${ye(t.finished_at,_(t.finished_at))} \xB7 ${Dt(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function Dt(e){return[e?.added?v(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}var pt=2e3;function ht({workspace:e}){let[t,o]=d(null),[n,i]=d({}),a=e.untransferred.value,c=async()=>{let m=await e.transferMany({recording_ids:a.slice(0,pt)},n);o({...m,left:m.left+Math.max(0,a.length-pt)})},s=L(e.delivery,n);return r`
		${a.length>0&&r`
			<${M} kind="primary" label=${w(e.delivery,a.length)} confirmLabel=${w(s,a.length)}
				question=${z(s,a.length)} action=${c}>
				<${R} workspace=${e} id="all" choice=${n} onChange=${i} many=${!0} />
			</${M}>`}
		<${q} result=${t} />`}function vt({workspace:e}){let[t,o]=d(null),[n,i]=d(null),[a,c]=d({}),{meetings:s}=e,m=L(e.delivery,a),$={filter:s.filter},{run:f,error:h}=p(async k=>{i(await e.transferMany($,{...k,dryRun:!0}))}),b=s.total.value;if(!b||s.loading.value)return null;let A=async()=>{let k=await e.transferMany($,{...a,dryRun:!0});if(!k.created)throw new Error(gt(k,m));i(k)},x=k=>{c(k),k.byHand!==a.byHand&&f(k)},Y=async()=>o(await e.transferMany($,a));return r`
		<${M} kind="primary" label=${`Copy ${v(b,"matching meeting")}`} confirmLabel=${w(m,n?.created)} prepare=${A}
			question=${n?gt(n,m):""} action=${Y}>
			<${R} workspace=${e} id="matching" choice=${a} onChange=${x} many=${!0} />
			${h&&r`<${u}>${g(h)}</${u}>`}
		</${M}>
		<${q} result=${t} />`}function gt({created:e,active:t,skipped:o,waiting:n},i){let a=tt({active:t,skipped:o,waiting:n});return e?`${z(i,e)} ${a}`:`There is nothing to copy. ${a}`}var ie="first-run";function yt({user:e,transfers:t,fathom:o},n){let i=O(void 0),a=sessionStorage.getItem(ie)===e.id;n?i.current=!0:!a&&!i.current?i.current=!1:i.current===void 0&&t.loaded.value&&(i.current=!t.records.value.size);let c=i.current?n||!!o:i.current??void 0;return y(()=>{n?sessionStorage.setItem(ie,e.id):a&&i.current===!1&&sessionStorage.removeItem(ie)},[n,a,i.current]),c}function kt({workspace:e}){let{meetings:t}=e;le(()=>{let $=t.scroll;requestAnimationFrame(()=>scrollTo(0,$));let f=()=>{t.scroll=scrollY};return addEventListener("scroll",f,{passive:!0}),()=>removeEventListener("scroll",f)},[]);let o=t.loaded.value&&e.connections.loaded.value,n=t.error.value||e.connections.error.value,i=o&&!t.total.value&&!t.items.value.length&&!t.query.value,a=yt(e,i),c=o&&a!==void 0,s=e.fathom?.status==="invalid",m=!s&&r`<${dt} workspace=${e} />`;return r`
		<div class="page">
			<div class="page-head">
				<div>
					<${V} title="Meetings" />
					${c&&!a&&m}
				</div>
				${c&&!a&&e.fathom&&r`<${bt} workspace=${e} />`}
			</div>
			${s&&!(a&&i)&&r`
				<${u}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${Z("fathom")}>Replace the key</a></${u}>`}
			${c&&!i&&!e.fathom&&r`
				<${u} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${Z("fathom")}>Connect Fathom</a></${u}>`}
			${n&&r`<${u}>${n} <${l} kind="link" onClick=${()=>Wt(e)}>Try again</${l}></${u}>`}
			${!c&&!n&&r`<${S} label="Loading meetings" />`}
			${c&&a&&r`<${Qe} workspace=${e} />`}
			${c&&a&&!i&&r`<div class="first-tools"><div>${m}</div><${bt} workspace=${e} /></div>`}
			${c&&!i&&r`<${rt} workspace=${e} id="waiting" /><${mt} workspace=${e} /><${et} /><${jt} workspace=${e} /><${Ht} workspace=${e} />`}
		</div>`}function Wt(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function bt({workspace:e}){let{meetings:t}=e;return r`
		<div class="actions list-actions">
			<${Ke} workspace=${e} />
			${t.total.value>0&&r`
				<${H} db=${e.db} selection=${{filter:t.filter}}
					label=${t.query.value.trim()?"Download matching as files":"Download all as files"} />`}
			${t.query.value.trim()?r`<${vt} key=${t.query.value} workspace=${e} />`:r`<${ht} workspace=${e} />`}
		</div>`}function jt({workspace:{meetings:e}}){return r`
		<div class="filter" role="search">
			<label class="hidden" for="title-filter">Filter meetings by title</label>
			<${me} />
			<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" value=${e.query.value}
				onInput=${t=>e.search(t.currentTarget.value)} />
		</div>`}function Ht({workspace:e}){let{meetings:t}=e,{run:o,busy:n,error:i}=p(()=>t.loadMore()),a=t.items.value;return a.length?r`
		<${ut} workspace=${e} />
		${zt(a).map(({month:c,items:s})=>r`
			<section class="month" key=${c}>
				<h2>${c}</h2>
				<ul class="rows">
					${s.map(m=>r`<${ct} key=${m.id} workspace=${e} meeting=${m} />`)}
				</ul>
			</section>`)}
		<p class="more" aria-live="polite">
			${t.hasMore.value&&r`<${l} kind="quiet" busy=${n} onClick=${o}>${n?"Loading\u2026":"Show more"}</${l}>`}
			<span class="muted">${t.hasMore.value?`${a.length} of ${v(t.total.value,"meeting")}`:v(t.total.value,"meeting")}</span>
			${i&&r`<span class="error">${F(i)}</span>`}
		</p>`:t.loading.value?r`<${S} label="Searching" />`:r`
			<section class="empty">
				<h2>No matches</h2>
				<p>No meeting has “${t.query.value.trim()}” in its title.</p>
				<${l} kind="quiet" onClick=${()=>t.search("")}>Show all meetings</${l}>
			</section>`}function zt(e){let t=[];for(let o of e){let n=ve(o.recorded_at);t.at(-1)?.month!==n&&t.push({month:n,items:[]}),t.at(-1)?.items.push(o)}return t}var St=()=>r`
	<div class="page narrow">
		<${V} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${T("/")}>Go to your meetings</a></p>
	</div>`;var{Later:C,preload:Vt}=nt(()=>import("./more_pages-TOIGNDJQ.js"));function Tt(){let e=W.value,{page:t}=P.value;if(Ce(P.value))return r`<${C} key=${location.hash} name=${Yt[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return r`<${C} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return r`<main class="splash"><${S} label="Loading your meetings" /></main>`;case"offline":return r`
				<main class="splash">
					<${I} />
					<p role="alert">${e.notice}</p>
					<${l} onClick=${Ee}>Try again</${l}>
				</main>`;case"signed-out":return r`<${st} notice=${e.notice||Gt()} />`;default:return r`<${Jt} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var Yt={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Gt(){return P.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":Se.value?"Sign in to finish connecting Atlassian.":""}function Jt({workspace:e}){let t=P.value;y(()=>{let n=setTimeout(Vt,1e3);return()=>clearTimeout(n)},[]);let o=(...n)=>n.includes(t.page)?"page":void 0;return r`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Qt}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${T("/")} aria-label="Fathom-to-Loom: meetings"><${I} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${T("/")} aria-current=${o("meetings","meeting","search")}>Meetings</a>
				<a href=${Ae()} aria-current=${o("activity")}>Activity</a>
				<a href=${T("/settings")} aria-current=${o("settings","atlassian-callback")}>Settings</a>
				<a href=${T("/help")} aria-current=${o("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${ze}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${E.lostAt.value>0?"stale":""}>
			<${J} key=${xe(t)} fallback=${r`<${it} />`}>
				<${Kt} workspace=${e} route=${t} />
			</${J}>
		</main>
		<${at} />`}function Kt({workspace:e,route:t}){switch(t.page){case"activity":return r`<${C} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return r`<${C} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return r`<${C} name="HelpPage" />`;case"atlassian-callback":return r`<${C} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return r`<${C} name="AuthorizePage" query=${t.query} />`;case"meeting":return r`<${C} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} />`;case"search":return r`<${C} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return r`<${St} />`;default:return r`<${kt} workspace=${e} />`}}function Qt(e){e.preventDefault(),document.getElementById("content")?.focus()}function wt(){ce(()=>{let{value:e}=W,t=e.phase==="ready"?Xt(e.workspace.jobs.transferring.value,i=>e.workspace.stateOf(i)):"";document.title=[t,j.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let o=document.querySelector("link[rel=icon]"),n=`${N()}/${t?"favicon-busy.svg":"favicon.svg"}`;o&&o.href!==n&&(o.href=n)})}function Xt(e,t){let[o]=e;return e.size<=1?e.size?t(o).label:"":v(e.size,"copy","copies")}function xt(e){let t=[];e.addEventListener("focusin",o=>{t=Zt(o.target,e)}),document.addEventListener("pointerdown",o=>{t.length&&!t[0].contains(o.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let o=er(t,e);t=[],o&&(o.tabIndex<0&&(o.tabIndex=-1),o.focus({preventScroll:!0}),o.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function Zt(e,t){let o=[];for(let n=e;n&&n!==t;n=n.parentElement)o.push(n);return o}var Ct="h1, h2, h3, .row-title";function er(e,t){for(let{dataset:o,isConnected:n}of e){let i=!n&&o.keep&&t.querySelector(`[data-keep="${CSS.escape(o.keep)}"]`);if(i)return i.querySelector(Ct)}for(let o=e.find(({isConnected:n})=>n)??t;o;o=o===t?null:o.parentElement??t){let n=o.querySelector(Ct);if(n)return n}return null}ot();we();Be();addEventListener("pageshow",Te);$e(N());Fe();Ie();wt();var ae=document.getElementById("app");ae&&(xt(ae),se(r`<${Tt} />`,ae));
